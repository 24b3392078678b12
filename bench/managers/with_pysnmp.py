"""pysnmp 4 with callbacks, its asyncore face: names by number, nothing looked up in a MIB.

The same loop and the same line of JSON as measured.mjs.
"""
import json
import sys
import time

from pysnmp.hlapi import asyncore as hlapi

SCALAR = '1.3.6.1.4.1.32473.1.1.1.0'
ENTRY = (1, 3, 6, 1, 4, 1, 32473, 1, 4, 4, 1)
MAX_REPETITIONS = 50

work = sys.argv[1]
port, window, warmup_ms, measure_ms, expected = map(int, sys.argv[2:7])
engine = hlapi.SnmpEngine()
auth = hlapi.CommunityData('public')
target = hlapi.UdpTransportTarget(('127.0.0.1', port), timeout=1, retries=5)
context = hlapi.ContextData()
counts = {'requests': 0, 'varbinds': 0, 'errors': 0}


def get():
    hlapi.getCmd(engine, auth, target, context, hlapi.ObjectType(hlapi.ObjectIdentity(SCALAR)),
                 cbFun=got, lookupMib=False)


def got(_engine, _handle, indication, status, _index, _varbinds, _context):
    counts['requests'] += 1
    counts['varbinds'] += 1
    if indication or status:
        counts['errors'] += 1
    get()


def walk(after, seen):
    name = hlapi.ObjectType(hlapi.ObjectIdentity(after))
    hlapi.bulkCmd(engine, auth, target, context, 0, MAX_REPETITIONS, name,
                  cbFun=walked, cbCtx=seen, lookupMib=False)


def walked(_engine, _handle, indication, status, _index, rows, seen):
    after = None
    for row in rows or ():
        name = row[0][0]
        if tuple(name)[:len(ENTRY)] != ENTRY:
            after = None
            break
        seen += 1
        counts['varbinds'] += 1
        after = name
    failed = bool(indication or status)
    if after is not None and not failed:
        walk(after, seen)
        return
    counts['requests'] += 1
    if failed or seen != expected:
        counts['errors'] += 1
    walk(ENTRY, 0)


for _ in range(window):
    if work == 'walk':
        walk(ENTRY, 0)
    else:
        get()


class Ended(Exception):
    pass


marks = []


def tick(now):
    if not marks and now >= started + warmup_ms / 1000:
        marks.append((now, time.process_time(), dict(counts)))
    elif marks and now >= marks[0][0] + measure_ms / 1000:
        raise Ended


started = time.time()
dispatcher = engine.transportDispatcher
dispatcher.registerTimerCbFun(tick, 0.05)
try:
    dispatcher.runDispatcher()
except Exception as error:  # pysnmp wraps what a callback raises.
    if not marks or time.time() < marks[0][0] + measure_ms / 1000:
        raise error
at, cpu, before = marks[0]
print('counts ' + json.dumps({
    'elapsedMs': (time.time() - at) * 1000,
    'requests': counts['requests'] - before['requests'],
    'varbinds': counts['varbinds'] - before['varbinds'],
    'cpuMicros': (time.process_time() - cpu) * 1e6,
    'errors': counts['errors'],
}), flush=True)
