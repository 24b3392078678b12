/** What we ask of a logger; a pino logger is one. Fields first, then the message. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => undefined;

/** The default: an application that wants our log lines passes its own logger. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * A program's logger, with its failures kept away from who logs: a line that throws, rejects or has
 * no method is lost and counted. What is being logged is often a crash, and must not become two.
 */
export class GuardedLogger implements Logger {
  readonly #logger: Logger;
  #failures = 0;

  private constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Of one that is guarded already: that one. */
  static of(logger: Logger): GuardedLogger {
    return logger instanceof GuardedLogger ? logger : new GuardedLogger(logger);
  }

  /** How many lines were lost. */
  get failures(): number {
    return this.#failures;
  }

  debug(fields: object, message: string): void {
    this.#log('debug', fields, message);
  }

  info(fields: object, message: string): void {
    this.#log('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#log('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#log('error', fields, message);
  }

  #log(level: keyof Logger, fields: object, message: string): void {
    const fail = (): void => {
      this.#failures += 1;
    };
    try {
      const returned: unknown = this.#logger[level](fields, message);
      if (returned instanceof Promise) returned.catch(fail);
    } catch {
      fail();
    }
  }
}
