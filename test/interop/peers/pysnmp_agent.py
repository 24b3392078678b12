"""pysnmp's command responder over its own SNMPv2-MIB: communities public reads, private writes."""
import sys

from pysnmp.carrier.asyncore.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import cmdrsp, context

agent = engine.SnmpEngine()
transport = udp.UdpTransport().openServerMode(('127.0.0.1', int(sys.argv[1])))
config.addTransport(agent, udp.domainName, transport)
everything = (1, 3, 6, 1)
for name, community, writes in (('reader', 'public', ()), ('writer', 'private', everything)):
    config.addV1System(agent, name, community)
    for model in (1, 2):
        config.addVacmUser(agent, model, name, 'noAuthNoPriv', everything, writes)
served = context.SnmpContext(agent)
for responder in (cmdrsp.GetCommandResponder, cmdrsp.NextCommandResponder,
                  cmdrsp.BulkCommandResponder, cmdrsp.SetCommandResponder):
    responder(agent, served)
print('ready', flush=True)
agent.transportDispatcher.jobStarted(1)
agent.transportDispatcher.runDispatcher()
