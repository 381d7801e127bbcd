/**
 * The contract of `NamespaceReader` as data: each case is a program over the verbs of a list, and what it answers. The tests run it over
 * stores and over a Windows computer, whose answers must be equal.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as CimName from "../../src/model/CimName.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { ClassDefinition as Class, Instance as Row, WbemObject } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"

type Needs = PutAsync.Stages | NamespaceReader

/** The namespace of the contract, below `root`. */
export const namespace = "root\\lists"

const put = (object: WbemObject, options: PutRequest.Options = {}) =>
  PutAsync.put(PutRequest.make(object, { namespace, ...options }))

/** Makes a namespace below another one. */
export const child = (within: string, Name: string) =>
  PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name }), { namespace: within }))

const classes: ReadonlyArray<Class> = [
  ClassDefinition.make("Zoo_Base", {
    Id: Property.key("string"),
    Size: Property.make("uint64", { qualifiers: [Qualifier.make("Units", "bytes", { flavor: 2 })] }),
    Tags: Property.make("string[]"),
    Note: Property.make("string", { value: "none" })
  }, { qualifiers: { Abstract: true, Description: { value: "see class __Event : base", flavor: 2 } } }),
  ClassDefinition.make("Zoo_Animal", {
    Note: Property.make("string", { value: "an animal" }),
    Age: Property.make("uint8")
  }, {
    superclass: "Zoo_Base",
    methods: { Feed: Method.make("uint32", [{ name: "Grams", type: "uint32" }]) }
  }),
  ClassDefinition.make("Zoo_Bird", { Wings: Property.make("sint16") }, { superclass: "Zoo_Animal" }),
  ClassDefinition.make("Aviary", { Name: Property.key("string"), Bird: Property.make("ref:Zoo_Bird") }),
  ClassDefinition.make("My_Consumer", { Name: Property.key("string") }, { superclass: "__EventConsumer" }),
  ClassDefinition.make("Übung", { Nr: Property.key("sint32") })
]

const rows: ReadonlyArray<Row> = [
  Instance.make("Zoo_Animal", { Id: "a1", Size: 2n ** 63n, Tags: ["x", "y"], Age: 200 }),
  Instance.make("Zoo_Animal", { Id: 'a"2\\', Note: null }),
  Instance.make("Zoo_Bird", { Id: "b1", Wings: -2 }),
  Instance.make("Aviary", { Name: "one", Bird: 'Zoo_Bird.Id="b1"' }),
  Instance.make("Übung", { Nr: -7 })
]

/** A namespace with localised text. */
const words = "root\\words"

const Words = ClassDefinition.make("Words", { Id: Property.key("string") }, {
  qualifiers: { Description: { value: "words", flavor: Qualifier.Flavor.Amended } }
})

/** Makes the content of the namespaces. */
export const prepare: Effect.Effect<void, WbemError, Needs> = Effect.gen(function* () {
  yield* child("root", "lists")
  yield* child("root\\lists", "b")
  yield* child("root\\lists\\b", "c")
  yield* child("root\\lists", "A")
  for (const object of [...classes, ...rows]) yield* put(object)
  yield* child("root", "words")
  yield* child("root\\words", "ms_409")
  yield* put(Words, { namespace: words, amended: true })
  yield* put(Instance.make("Words", { Id: "w" }), { namespace: words })
})

const byText = (texts: ReadonlyArray<string>): ReadonlyArray<string> => [...texts].sort()

const mofOf = (object: WbemObject): string => {
  const printed = Mof.print(object)
  return Either.isRight(printed) ? printed.right : printed.left.message
}

const instancesOf = (name: string, options?: Parameters<typeof Wmi.instancesOf>[1]) =>
  Effect.map(
    Wmi.instancesOf(name, { namespace, ...options }),
    (found) => byText(found.map((one) => `${one.className} ${show(one.values)}`))
  )

const show = (values: Row["values"]): string =>
  JSON.stringify(values, (_, value) => typeof value === "bigint" ? `${value}n` : value)

const ids = (name: string, options?: Parameters<typeof Wmi.instancesOf>[1]) =>
  Effect.map(
    Wmi.instancesOf(name, { namespace, ...options }),
    (found) => byText(found.map(({ values }) => String(values["Id"] ?? values["Nr"] ?? values["Name"])))
  )

const refusal = <A, R>(program: Effect.Effect<A, WbemError, R>) =>
  Effect.map(Effect.flip(program), ({ _tag, status }) => `${_tag} ${status}`)

/** One case: what is asked, the program, and its answer. */
export interface ListCase {
  readonly title: string
  readonly program: Effect.Effect<unknown, unknown, Needs>
  readonly answer: unknown
}

export const cases: ReadonlyArray<ListCase> = [
  {
    title: "every namespace, parents first",
    program: Effect.map(Wmi.namespaces, (names) => names.filter((name) => !name.startsWith("root\\c"))),
    answer: [
      "root",
      "root\\default",
      "root\\lists",
      "root\\lists\\A",
      "root\\lists\\b",
      "root\\lists\\b\\c",
      words,
      "root\\words\\ms_409"
    ]
  },
  {
    title: "a namespace and those below it",
    program: Wmi.namespacesIn("root/lists/b"),
    answer: ["root\\lists\\b", "root\\lists\\b\\c"]
  },
  {
    title: "the same in another letter case",
    program: Effect.map(Wmi.namespacesIn("ROOT\\Lists"), (names) => names.map(CimName.fold)),
    answer: ["root\\lists", "root\\lists\\a", "root\\lists\\b", "root\\lists\\b\\c"]
  },
  {
    title: "the namespaces below one that does not exist: InvalidNamespace",
    program: refusal(Wmi.namespacesIn("root\\none")),
    answer: "WbemInvalidNamespace InvalidNamespace"
  },
  {
    title: "classes, parents first, then by name",
    program: Effect.map(Wmi.classes({ namespace }), (found) => found.map(({ name }) => name)),
    answer: ["Aviary", "Zoo_Base", "Übung", "Zoo_Animal", "Zoo_Bird", "My_Consumer"]
  },
  {
    title: "classes with their own members and qualifiers, as MOF",
    program: Effect.map(Wmi.classes({ namespace }), (found) => byText(found.map(mofOf))),
    answer: byText(classes.map(mofOf))
  },
  {
    title: "a class by get is the class of the list",
    program: Effect.flatMap(
      Wmi.classes({ namespace }),
      (found) =>
        Effect.forEach(
          found,
          (one) =>
            Effect.map(
              Wmi.get(one.name, { namespace }),
              (got) => mofOf(got) === mofOf(one) ? one.superclass : mofOf(got)
            )
        )
    ),
    answer: [undefined, undefined, undefined, "Zoo_Base", "Zoo_Animal", "__EventConsumer"]
  },
  {
    title: "classes of a namespace that does not exist: InvalidNamespace",
    program: refusal(Wmi.classes({ namespace: "root\\none" })),
    answer: "WbemInvalidNamespace InvalidNamespace"
  },
  {
    title: "classes of a namespace without classes",
    program: Wmi.classes({ namespace: "root\\lists\\A" }),
    answer: []
  },
  {
    title: "instances with every property, typed by the class",
    program: instancesOf("Zoo_Animal"),
    answer: byText([
      'Zoo_Animal {"Id":"a1","Size":"9223372036854775808n","Tags":["x","y"],"Note":"an animal","Age":200}',
      'Zoo_Animal {"Id":"a\\"2\\\\","Size":null,"Tags":null,"Note":null,"Age":null}',
      'Zoo_Bird {"Id":"b1","Size":null,"Tags":null,"Note":"an animal","Age":null,"Wings":-2}'
    ])
  },
  {
    title: "instances of an abstract class are those below it",
    program: ids("zoo_base"),
    answer: ['a"2\\', "a1", "b1"]
  },
  {
    title: "deep false: the class alone, in another letter case",
    program: ids("ZOO_animal", { deep: false }),
    answer: ['a"2\\', "a1"]
  },
  { title: "deep false of an abstract class: none", program: ids("Zoo_Base", { deep: false }), answer: [] },
  { title: "instances of a class with letters outside ASCII", program: ids("Übung"), answer: ["-7"] },
  { title: "instances of a class without instances", program: ids("My_Consumer"), answer: [] },
  {
    title: "an instance by get is the instance of the list",
    program: Effect.map(
      Wmi.get('Zoo_Bird.Id="b1"', { namespace }),
      (got) => got._tag === "Instance" ? show(got.values) : got._tag
    ),
    answer: '{"Id":"b1","Size":null,"Tags":null,"Note":"an animal","Age":null,"Wings":-2}'
  },
  ...[
    "Zoo_None",
    'Zoo_Bird" OR Id = "a1',
    "Zoo_Bird WHERE Id = 'b1'",
    "Zoo_Bird\u00a0WHERE",
    "",
    "Zoo Bird",
    "Zoo_Bird'",
    "meta_class",
    "META_Class",
    "meta_class WHERE __this ISA 'Zoo_Base'"
  ].flatMap((name) =>
    [undefined, false].map((deep): ListCase => ({
      title: `instances of ${JSON.stringify(name)}, deep ${String(deep)}: InvalidClass`,
      program: refusal(Wmi.instancesOf(name, { namespace, deep })),
      answer: "WbemInvalidClass InvalidClass"
    }))
  ),
  {
    title: "with amended the text of the locale, and objects are marked",
    program: Effect.all([
      Effect.map(Wmi.classes({ namespace: words }), (found) => found.map((one) => [mofOf(one), one.amended])),
      Effect.map(
        Wmi.classes({ namespace: words, amended: true }),
        (found) => found.map((one) => [one.name, one.qualifiers.map(({ name, value }) => [name, value]), one.amended])
      ),
      Effect.map(Wmi.instancesOf("Words", { namespace: words }), (found) => found.map((one) => one.amended)),
      Effect.map(
        Wmi.instancesOf("Words", { namespace: words, amended: ["ms_409"] }),
        (found) => found.map((one) => one.amended)
      )
    ]),
    answer: [
      [[mofOf(ClassDefinition.make("Words", { Id: Property.key("string") })), undefined]],
      [["Words", [["Description", "words"]], true]],
      [undefined],
      [true]
    ]
  },
  {
    title: "instances in a namespace that does not exist: InvalidNamespace",
    program: refusal(Wmi.instancesOf("Zoo_Bird", { namespace: "root\\none" })),
    answer: "WbemInvalidNamespace InvalidNamespace"
  },
  {
    title: "the instances of __NAMESPACE are the namespaces below",
    program: ids("__NAMESPACE"),
    answer: ["A", "b"]
  },
  ...["\\\\.\\root\\lists", "//localhost/root/lists"].map((written): ListCase => ({
    title: `${written} is the namespace of this computer`,
    program: Effect.all([
      Effect.map(Wmi.classes({ namespace: written }), (found) => found.length),
      ids("Aviary", { namespace: written }),
      Wmi.namespacesIn(`${written}/b`),
      Effect.map(Wmi.get("Aviary", { namespace: written }), ({ _tag }) => _tag),
      Effect.map(put(rows[3]!, { namespace: written }), ({ path }) => path.namespace)
    ]),
    answer: [6, ["one"], ["root\\lists\\b", "root\\lists\\b\\c"], "Class", "root\\lists"]
  })),
  ...([
    ["put", put(rows[3]!, { namespace: "\\\\other9\\root\\lists" })],
    ["get", Wmi.get("Aviary", { namespace: "\\\\other9\\root\\lists" })],
    ["delete", Wmi.delete("Aviary", { namespace: "\\\\other9\\root\\lists" })],
    ["classes", Wmi.classes({ namespace: "//other9/root/lists" })],
    ["instancesOf", Wmi.instancesOf("Aviary", { namespace: "\\\\other9\\root\\lists" })],
    ["namespacesIn", Wmi.namespacesIn("\\\\other9\\root\\lists")]
  ] as const).map(([verb, program]): ListCase => ({
    title: `${verb} in a namespace of another computer: InvalidNamespace, and the sentence names the computer`,
    program: Effect.map(Effect.flip(program as Effect.Effect<unknown, WbemError, Needs>), ({ message }) => message),
    answer:
      "InvalidNamespace (0x8004100E): namespace \\\\other9\\root\\lists: it is on another computer; leave the server out, or connect to it"
  })),
  ...([
    ["\\\\other9\\.", "it is on another computer; leave the server out, or connect to it"],
    ...[
      "\\\\other9",
      "\\\\other9\\",
      "\\\\\\other9\\root\\lists",
      "\\\\\\\\other9\\root\\lists",
      "\\\\.\\\\\\other9\\root\\lists",
      "\\\\localhost\\\\other9\\root\\lists",
      "\\\\.\\\\\\.\\root\\lists",
      "\\other9\\root\\lists",
      "root\\\\lists",
      "root\\lists\\",
      "."
    ].map((written) => [written, 'in a program one is written "root\\\\cimv2"'] as const)
  ] as const).map(([written, detail]): ListCase => ({
    title: `${written} is no namespace of this computer: InvalidNamespace from every verb`,
    program: Effect.all(
      [
        put(rows[3]!, { namespace: written }),
        Wmi.get("Aviary", { namespace: written }),
        Wmi.delete("Aviary", { namespace: written }),
        Wmi.classes({ namespace: written }),
        Wmi.instancesOf("Aviary", { namespace: written }),
        Wmi.namespacesIn(written)
      ].map((program: Effect.Effect<unknown, WbemError, Needs>) =>
        Effect.map(Effect.flip(program), (error) => error.message)
      )
    ),
    answer: Array.from({ length: 6 }, () => `InvalidNamespace (0x8004100E): namespace ${written}: ${detail}`)
  })),
  ...([
    ["get", Wmi.get('\\\\other9\\root\\lists:Aviary.Name="one"')],
    ["delete", Wmi.delete('\\\\other9\\root\\lists:Aviary.Name="one"')]
  ] as const).map(([verb, program]): ListCase => ({
    title: `${verb} by a path of another computer: InvalidParameter, and the sentence names the computer`,
    program: Effect.map(Effect.flip(program as Effect.Effect<unknown, WbemError, Needs>), ({ message }) => message),
    answer:
      'InvalidParameter (0x80041008): parameter path: \\\\other9\\root\\lists:Aviary.Name="one" is not in \\\\.\\root\\lists'
  }))
]
