/** A tracer that keeps its spans, and their tree as text. */
import type * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"

export class RecordedSpan implements Tracer.Span {
  readonly _tag = "Span"
  readonly sampled = true
  readonly traceId = "trace"
  status: Tracer.SpanStatus
  readonly attributes = new Map<string, unknown>()
  readonly links: Array<Tracer.SpanLink>
  readonly spanId: string
  readonly name: string
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly context: Context.Context<never>
  readonly kind: Tracer.SpanKind

  constructor(
    spanId: string,
    ...[name, parent, context, links, startTime, kind]: Parameters<Tracer.Tracer["span"]>
  ) {
    this.spanId = spanId
    this.name = name
    this.parent = parent
    this.context = context
    this.links = [...links]
    this.kind = kind
    this.status = { _tag: "Started", startTime }
  }

  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    this.status = { _tag: "Ended", startTime: this.status.startTime, endTime, exit }
  }

  attribute(key: string, value: unknown): void {
    this.attributes.set(key, value)
  }

  event(): void {}

  addLinks(links: ReadonlyArray<Tracer.SpanLink>): void {
    this.links.push(...links)
  }

  /** The names of the spans from the root to this one. */
  get path(): string {
    const parent = Option.getOrUndefined(this.parent)
    return parent instanceof RecordedSpan ? `${parent.path} > ${this.name}` : this.name
  }

  /** `ok`, `failed` or `open`. */
  get ending(): "ok" | "failed" | "open" {
    return this.status._tag === "Started" ? "open" : Exit.isSuccess(this.status.exit) ? "ok" : "failed"
  }

  /** The attributes without the stack that Effect adds. */
  get facts(): Readonly<Record<string, unknown>> {
    const { "code.stacktrace": _, ...facts } = Object.fromEntries(this.attributes)
    return facts
  }
}

export interface Recording {
  readonly spans: Array<RecordedSpan>
  readonly layer: Layer.Layer<never>
  /** The path and the end of each span, in the order of their starts. */
  readonly tree: () => ReadonlyArray<string>
}

export const recordedSpans = (): Recording => {
  const spans: Array<RecordedSpan> = []
  const tracer = Tracer.make({
    span: (...given) => {
      const span = new RecordedSpan(String(spans.length), ...given)
      spans.push(span)
      return span
    },
    context: (f) => f()
  })
  return { spans, layer: Layer.setTracer(tracer), tree: () => spans.map(({ ending, path }) => `${path}: ${ending}`) }
}
