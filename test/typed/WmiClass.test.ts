/** Typed classes over an emulator in memory. */
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Equal from "effect/Equal"
import * as JSONSchema from "effect/JSONSchema"
import * as Pretty from "effect/Pretty"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as WmiClass from "../../src/typed/WmiClass.ts"
import * as Wmi from "../../src/Wmi.ts"

class Host extends WmiClass.Class<Host>()("Corp_Host", {
  Name: WmiClass.key(WmiClass.string),
  Cores: WmiClass.withDefault(WmiClass.uint8, 4),
  Assets: WmiClass.array(WmiClass.embedded("Corp_Asset", (): WmiClass.Of<Asset> => Asset))
}) {}

class Asset extends WmiClass.Class<Asset>()("Corp_Asset", {
  Id: WmiClass.key(WmiClass.string),
  Owner: WmiClass.string,
  Price: WmiClass.notNull(WmiClass.uint32),
  Tags: WmiClass.array(WmiClass.string),
  Installed: WmiClass.datetime,
  Host: WmiClass.reference("Corp_Host"),
  State: WmiClass.literals(WmiClass.uint16, 0, 1, 2)
}) {
  get label(): string {
    return `${this.Id} of ${this.Owner ?? "nobody"}`
  }
}

class Laptop extends Asset.extend<Laptop>()("Corp_Laptop", {
  Inches: WmiClass.real32,
  Battery: WmiClass.interval
}) {}

const run = <A, E>(
  effect: Effect.Effect<A, E, Stages | NamespaceReader>,
  objects: ReadonlyArray<WbemObject> = []
): Promise<A> => Effect.runPromise(Effect.provide(effect, Wmi.layerMemoryFrom(Snapshot.of(...objects))))

const classes = [Asset.definition, Laptop.definition, Host.definition]

/** The error that a declaration throws. */
const refused = (declare: () => unknown): WmiClass.InvalidClassDefinition => {
  try {
    declare()
  } catch (error) {
    assert.instanceOf(error, WmiClass.InvalidClassDefinition)
    return error as WmiClass.InvalidClassDefinition
  }
  return assert.fail("the declaration was accepted")
}

describe("the definition of a typed class", () => {
  it("has the CIM types, the keys, not_null, defaults and references", () => {
    const expected = ClassDefinition.make("Corp_Host", {
      Name: Property.key("string"),
      Cores: Property.make("uint8", { value: 4 }),
      Assets: Property.make("object:Corp_Asset[]")
    })
    assert.deepStrictEqual(Host.definition, expected)
    assert.deepStrictEqual(
      Asset.definition.properties.map(({ className, isArray, name, qualifiers, type }) =>
        [name, type, isArray, className, ...qualifiers.map(({ name }) => name)].join(" ")
      ),
      [
        "Id string false  key",
        "Owner string false ",
        "Price uint32 false  not_null",
        "Tags string true ",
        "Installed datetime false ",
        "Host reference false Corp_Host",
        "State uint16 false "
      ]
    )
  })

  it("has the members of a subclass alone, and the name of the class above", () => {
    assert.strictEqual(Laptop.definition.superclass, "Corp_Asset")
    assert.deepStrictEqual(Laptop.definition.properties.map(({ name }) => name), ["Inches", "Battery"])
    assert.deepStrictEqual(Object.keys(Laptop.properties).slice(-3), ["State", "Inches", "Battery"])
  })

  it("has qualifiers, methods and class qualifiers", () => {
    class Tool extends WmiClass.Class<Tool>()("Corp_Tool", {
      Id: WmiClass.string.pipe(WmiClass.key, WmiClass.qualifiers({ Description: "the number" }))
    }, {
      abstract: true,
      qualifiers: { Description: { value: "a tool", flavor: Qualifier.Flavor.ToSubclass } },
      methods: { Start: Method.make("uint32") }
    }) {}
    const { methods, properties, qualifiers } = Tool.definition
    assert.deepStrictEqual(qualifiers.map(({ flavor, name }) => [name, flavor]), [["abstract", 0], ["Description", 2]])
    assert.deepStrictEqual(properties[0]!.qualifiers.map(({ name }) => name), ["key", "Description"])
    assert.strictEqual(methods[0]!.name, "Start")
  })
})

describe("instances", () => {
  it("a property that is left out is its default, or NULL", () => {
    assert.deepStrictEqual({ ...new Host({ Name: "h" }) }, { Name: "h", Cores: 4, Assets: null })
  })

  it("a subclass has the accessors of the class above and is an instance of it", () => {
    const laptop = new Laptop({ Id: "L", Price: 1 })
    assert.strictEqual(laptop.label, "L of nobody")
    assert.isTrue(laptop instanceof Asset && laptop instanceof Laptop)
    assert.isFalse(new Asset({ Id: "L", Price: 1 }) instanceof Laptop)
  })

  it("equal values are equal", () => {
    assert.isTrue(Equal.equals(new Asset({ Id: "A", Price: 1 }), new Asset({ Id: "A", Price: 1 })))
  })

  const price = (Price: number) => () => new Asset({ Id: "A", Price })
  for (
    const [title, make, message] of [
      ["a number above its range", price(4294967296), /uint32 \(0 to 4294967295\), actual 4294967296/],
      ["a number below its range", price(-1), /actual -1/],
      ["a number that is no integer", price(1.5), /actual 1\.5/],
      ["text with U+0000", () => new Asset({ Id: "a\0", Price: 1 }), /without U\+0000/],
      [
        "an instant of the year 10000",
        () => new Asset({ Id: "A", Price: 1, Installed: DateTime.unsafeMake(Date.UTC(10000, 0)) }),
        /years 0 to 9999/
      ],
      [
        "an interval below a millisecond",
        () => new Laptop({ Id: "A", Price: 1, Battery: Duration.micros(1n) }),
        /whole milliseconds/
      ]
    ] as const
  ) {
    it(`${title} is refused when the instance is made`, () => {
      assert.throws(make, message)
    })
  }
})

describe("paths", () => {
  it("has the keys in the order of a relative path, and the namespace of the class", () => {
    class Part extends WmiClass.Class<Part>()("Corp_Part", {
      Serial: WmiClass.key(WmiClass.uint64),
      Kind: WmiClass.key(WmiClass.string)
    }, { namespace: "root\\corp" }) {}
    assert.strictEqual(
      ObjectPath.format(Part.path({ Serial: 7n, Kind: "k" })),
      '\\\\.\\root\\corp:Corp_Part.Kind="k",Serial="7"'
    )
    assert.strictEqual(
      ObjectPath.format(Part.path(new Part({ Serial: 7n, Kind: "k" }), { namespace: "root\\other" })),
      '\\\\.\\root\\other:Corp_Part.Kind="k",Serial="7"'
    )
  })

  it("a key that does not fit its type is refused with its name", () => {
    class Slot extends WmiClass.Class<Slot>()("Corp_Slot", { Number: WmiClass.key(WmiClass.uint8) }) {}
    assert.throws(() => Slot.path({ Number: 256 }), /\["Number"\]/)
    return run(Effect.gen(function* () {
      const error = yield* Effect.flip(Slot.get({ Number: 256 }))
      assert.strictEqual(error._tag, "ParseError")
    }))
  })
})

describe("verbs", () => {
  it("register, put, get, list, delete", () =>
    run(Effect.gen(function* () {
      const reports = yield* WmiClass.registerAll([Laptop, Asset, Host])
      assert.deepStrictEqual(
        reports.map(({ disposition, path }) => [path.className, disposition]),
        [["Corp_Asset", "Created"], ["Corp_Laptop", "Created"], ["Corp_Host", "Created"]]
      )
      assert.strictEqual((yield* Asset.register()).disposition, "Unchanged")
      const laptop = new Laptop({
        Id: "L1",
        Price: 9,
        Tags: ["a", "b"],
        Installed: DateTime.unsafeMake("2024-02-29T12:00:00.5Z"),
        Battery: Duration.hours(7),
        Host: Host.path({ Name: "h1" })
      })
      assert.strictEqual((yield* Laptop.put(laptop)).disposition, "Created")
      assert.deepStrictEqual(yield* Laptop.get({ Id: "l1" }), laptop)
      yield* Asset.put(new Asset({ Id: "A1", Price: 1 }))
      assert.deepStrictEqual((yield* Asset.list()).map(({ Id }) => Id).sort(), ["A1", "L1"])
      assert.deepStrictEqual((yield* Asset.list({ deep: false })).map(({ Id }) => Id), ["A1"])
      assert.isTrue((yield* Asset.list()).every((asset) => asset instanceof Asset))
      yield* Asset.delete({ Id: "A1" })
      assert.strictEqual((yield* Effect.flip(Asset.get({ Id: "A1" })))._tag, "WbemNotFound")
    })))

  it("the functions can be passed on without their class", () =>
    run(
      Effect.gen(function* () {
        const { list, put } = Asset
        yield* put(new Asset({ Id: "A", Price: 1 }))
        assert.lengthOf(yield* list(), 1)
      }),
      classes
    ))

  it("a put of the class above over an instance of a subclass replaces it, an update leaves it", () =>
    run(
      Effect.gen(function* () {
        yield* Laptop.put(new Laptop({ Id: "L", Price: 1, Inches: 13 }))
        assert.strictEqual((yield* Effect.flip(Asset.update({ Id: "L" }, { Price: 2 })))._tag, "WbemNotFound")
        assert.strictEqual((yield* Laptop.get({ Id: "L" })).Inches, 13)
        yield* Asset.put(yield* Asset.get({ Id: "L" }))
        assert.lengthOf(yield* Laptop.list(), 0)
      }),
      classes
    ))

  it("an instance of a subclass is put and embedded as what it is, not as an instance of the class above", () =>
    run(
      Effect.gen(function* () {
        const laptop = new Laptop({ Id: "L", Price: 1, Inches: 13 })
        yield* Asset.put(laptop)
        assert.deepStrictEqual(yield* Laptop.get({ Id: "L" }), laptop)
        assert.strictEqual(Asset.request(laptop).object._tag === "Instance" && laptop.Inches, 13)
        yield* Host.put(new Host({ Name: "h", Assets: [laptop, new Asset({ Id: "A", Price: 2 })] }))
        const stored = yield* Wmi.get(Host.path({ Name: "h" }))
        assert.isTrue(stored._tag === "Instance")
        const [first, second] = (stored as Instance.Instance).values["Assets"] as ReadonlyArray<Instance.Instance>
        assert.deepStrictEqual([first!.className, first!.values["Inches"]], ["Corp_Laptop", 13])
        assert.strictEqual(second!.className, "Corp_Asset")
        const [read] = (yield* Host.get({ Name: "h" })).Assets!
        assert.isTrue(read instanceof Asset && !(read instanceof Laptop))
      }),
      classes
    ))

  it("the request of an instance of a subclass has the namespace of its own class", () => {
    class Remote extends Asset.extend<Remote>()("Corp_Remote", {}, { namespace: "root\\remote" }) {}
    assert.strictEqual(Asset.request(new Remote({ Id: "R", Price: 1 })).namespace, "root\\remote")
    assert.strictEqual(Asset.request(new Remote({ Id: "R", Price: 1 }), { namespace: "root" }).namespace, "root")
  })

  it("the path of a class is no path of an instance: get and delete refuse it, and nothing is deleted", () =>
    run(
      Effect.gen(function* () {
        const { path } = yield* Asset.register()
        for (const error of [yield* Effect.flip(Asset.delete(path)), yield* Effect.flip(Asset.get(path))]) {
          assert.strictEqual(error._tag, "ParseError")
        }
        yield* Asset.check()
      }),
      classes
    ))

  it("properties with the names of the parts of a path are no path", () => {
    class Ring extends WmiClass.Class<Ring>()("Corp_Ring", {
      Id: WmiClass.key(WmiClass.string),
      keys: WmiClass.array(WmiClass.string),
      singleton: WmiClass.boolean
    }) {}
    assert.strictEqual(ObjectPath.format(Ring.path(new Ring({ Id: "r", keys: ["a"] }))), 'Corp_Ring.Id="r"')
  })

  it("a reference is followed", () =>
    run(
      Effect.gen(function* () {
        yield* Host.put(new Host({ Name: "h1", Cores: 8 }))
        yield* Asset.put(new Asset({ Id: "A", Price: 1, Host: Host.path({ Name: "h1" }) }))
        const { Host: path } = yield* Asset.get({ Id: "A" })
        assert.strictEqual((yield* Host.get(path!)).Cores, 8)
      }),
      classes
    ))

  it("embedded instances of a class that is declared later", () =>
    run(
      Effect.gen(function* () {
        const host = new Host({ Name: "h", Assets: [new Asset({ Id: "A", Price: 2, Tags: ["x"] })] })
        yield* Host.put(host)
        const read = yield* Host.get(host)
        assert.deepStrictEqual(read, host)
        assert.isTrue(read.Assets![0] instanceof Asset)
      }),
      classes
    ))

  it("requests for a bulk put", () =>
    run(
      Effect.gen(function* () {
        const requests = ["A", "B"].map((Id) => Asset.request(new Asset({ Id, Price: 1 }), { mode: "CreateOnly" }))
        const outcomes = yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))
        assert.deepStrictEqual(Chunk.toReadonlyArray(outcomes).map(({ _tag }) => _tag), ["Committed", "Committed"])
        assert.lengthOf(yield* Asset.list(), 2)
      }),
      classes
    ))

  it("the namespace of the class, and that of the call in its place", () =>
    Effect.runPromise(Effect.provide(
      Effect.gen(function* () {
        class Here extends WmiClass.Class<Here>()("Corp_Here", { Id: WmiClass.key(WmiClass.string) }, {
          namespace: "root\\a"
        }) {}
        for (const options of [undefined, { namespace: "root\\b" }]) {
          yield* Here.register(options)
          yield* Here.put(new Here({ Id: options?.namespace ?? "a" }), options)
        }
        assert.deepStrictEqual((yield* Here.list()).map(({ Id }) => Id), ["a"])
        assert.deepStrictEqual((yield* Here.list({ namespace: "root\\b" })).map(({ Id }) => Id), ["root\\b"])
        yield* Here.check({ namespace: "root\\b" })
        yield* Here.delete({ Id: "root\\b" }, { namespace: "root\\b" })
        assert.lengthOf(yield* Here.list({ namespace: "root\\b" }), 0)
        assert.lengthOf(yield* Here.list(), 1)
      }),
      Wmi.layerMemoryFrom(Snapshot.empty({ namespaces: ["root\\a", "root\\b"] }))
    )))

  it("a plain object in place of an instance is a ParseError, and nothing is put", () =>
    run(
      Effect.gen(function* () {
        const error = yield* Effect.flip(Asset.put({ Id: "A" } as Asset))
        assert.strictEqual(error._tag, "ParseError")
        assert.lengthOf(yield* Asset.list(), 0)
      }),
      classes
    ))
})

describe("partial updates", () => {
  const full = new Asset({ Id: "A", Price: 1, Owner: "ann", Tags: ["x"] })

  it("change the given properties and leave the others", () =>
    run(
      Effect.gen(function* () {
        yield* Asset.put(full)
        const { disposition } = yield* Asset.update({ Id: "A" }, { Owner: "eve", Price: 2 })
        assert.strictEqual(disposition, "Updated")
        assert.deepStrictEqual({ ...yield* Asset.get({ Id: "A" }) }, { ...full, Owner: "eve", Price: 2 })
      }),
      classes
    ))

  it("a put of the whole instance sets the rest to NULL", () =>
    run(
      Effect.gen(function* () {
        yield* Asset.put(full)
        yield* Asset.put(new Asset({ Id: "A", Price: 2 }))
        assert.isNull((yield* Asset.get({ Id: "A" })).Owner)
      }),
      classes
    ))

  it("null is NULL, undefined is no change", () =>
    run(
      Effect.gen(function* () {
        yield* Asset.put(full)
        yield* Asset.update(full, { Owner: null, Tags: undefined })
        const { Owner, Tags } = yield* Asset.get(full)
        assert.deepStrictEqual([Owner, Tags], [null, ["x"]])
      }),
      classes
    ))

  it("a name that is no property, and another value of a key, are a ParseError, and nothing is put", () =>
    run(
      Effect.gen(function* () {
        yield* Asset.put(full)
        const misspelt: object = { Owner: "eve", Ownr: "eve" }
        const unknown = yield* Effect.flip(Asset.update({ Id: "A" }, misspelt))
        assert.match(unknown.message, /\["Ownr"\][^]*Corp_Asset has no such property/)
        const other = yield* Effect.flip(Asset.update({ Id: "A" }, new Asset({ Id: "B", Price: 2 })))
        assert.match(other.message, /\["Id"\][^]*an update does not change a key/)
        assert.deepStrictEqual(yield* Asset.get({ Id: "A" }), full)
        yield* Asset.update({ Id: "A" }, new Asset({ Id: "a", Price: 2 }))
        assert.strictEqual((yield* Asset.get({ Id: "A" })).Price, 2)
      }),
      classes
    ))

  it("an instance that is not there is NotFound, no property is InvalidContext, a wrong value is a ParseError with its name", () =>
    run(
      Effect.gen(function* () {
        const missing = yield* Effect.flip(Asset.update({ Id: "B" }, { Owner: "eve" }))
        assert.strictEqual(missing._tag, "WbemNotFound")
        yield* Asset.put(full)
        assert.strictEqual((yield* Effect.flip(Asset.update({ Id: "A" }, {})))._tag, "WbemInvalidContext")
        const misfit = yield* Effect.flip(Asset.update({ Id: "A" }, { Price: -1 }))
        assert.match(misfit.message, /\["Price"\]/)
        const nothing = yield* Effect.flip(Asset.update({ Id: "A" }, { Price: null as unknown as number }))
        assert.match(nothing.message, /\["Price"\]/)
      }),
      classes
    ))
})

describe("the stored class", () => {
  const check = (...stored: ReadonlyArray<ClassDefinition.ClassDefinition>) =>
    run(Effect.either(Asset.check()), stored).then((checked) => {
      if (Either.isRight(checked)) return []
      assert.strictEqual(checked.left._tag, "ClassMismatch")
      return (checked.left as WmiClass.ClassMismatch).differences.map(WmiClass.describe)
    })
  /** The stored class with some properties replaced, added, or removed by `undefined`. */
  const stored = (
    changes: Readonly<Record<string, Property.PropertySpec | undefined>>,
    options: ClassDefinition.Options = {}
  ) => {
    const own = Object.fromEntries(Asset.definition.properties.map(({ name, ...spec }) => [name, spec]))
    const properties = Object.entries({ ...own, ...changes }).flatMap(([name, spec]) =>
      spec === undefined ? [] : [Property.named(name, spec)]
    )
    return ClassDefinition.make("Corp_Asset", properties, options)
  }

  it("fits its own definition, with more properties, qualifiers, defaults and methods, and in another spelling", async () => {
    assert.deepStrictEqual(await check(Asset.definition), [])
    const more = stored({
      More: Property.make("uint8"),
      Fixed: Property.make("uint8", { value: 1, qualifiers: { not_null: true } }),
      Owner: Property.make("STRING", { value: "x", qualifiers: { write: true } })
    }, { methods: { Start: Method.make("void") }, qualifiers: { Description: "x" } })
    assert.deepStrictEqual(await check(more), [])
    const { Id, ...rest } = Object.fromEntries(Asset.definition.properties.map(({ name, ...spec }) => [name, spec]))
    assert.deepStrictEqual(await check(ClassDefinition.make("corp_ASSET", { ID: Id!, ...rest })), [])
  })

  it("fits if a class above has the properties", async () => {
    const [id, ...rest] = Asset.definition.properties
    const above = ClassDefinition.make("Corp_Base", [id!])
    assert.deepStrictEqual(
      await check(above, ClassDefinition.make("Corp_Asset", rest, { superclass: "Corp_Base" })),
      []
    )
  })

  for (
    const [title, definition, differences] of [
      ["a missing property", stored({ Owner: undefined }), [
        "Owner: string in the definition, missing in the stored class"
      ]],
      ["another type", stored({ Owner: Property.make("uint8") }), [
        "Owner: string in the definition, uint8 in the stored class"
      ]],
      ["one value in place of an array", stored({ Tags: Property.make("string") }), [
        "Tags: string[] in the definition, string in the stored class"
      ]],
      ["a reference to another class", stored({ Host: Property.make("ref:Corp_Asset") }), [
        "Host: reference:Corp_Host in the definition, reference:Corp_Asset in the stored class"
      ]],
      ["no key in place of a key", stored({ Id: Property.make("string"), Other: Property.key("string") }), [
        "Id: a key in the definition, no key in the stored class",
        "Other: no key in the definition, a key in the stored class"
      ]],
      [
        "a property that may be NULL, and one that may not",
        stored({
          Price: Property.make("uint32"),
          Owner: Property.make("string", { qualifiers: { not_null: true } }),
          More: Property.make("string", { qualifiers: { not_null: true } })
        }),
        [
          "Owner: may be NULL in the definition, not_null in the stored class",
          "Price: not_null in the definition, may be NULL in the stored class",
          "More: may be NULL in the definition, not_null in the stored class"
        ]
      ],
      ["an abstract class", stored({}, { qualifiers: { abstract: true } }), [
        "abstract: not set in the definition, set in the stored class"
      ]]
    ] as const
  ) {
    it(`does not fit: ${title}`, async () => {
      assert.deepStrictEqual(await check(definition), [...differences])
    })
  }

  it("does not fit: another class above", () =>
    run(
      Effect.gen(function* () {
        const error = yield* Effect.flip(Laptop.check())
        assert.strictEqual(
          error.message,
          "the stored class Corp_Laptop does not fit its definition:\n"
            + "- superclass: Corp_Asset in the definition, Corp_Thing above the stored class"
        )
      }),
      [
        ClassDefinition.make("Corp_Thing", Asset.definition.properties),
        ClassDefinition.make("Corp_Laptop", Laptop.definition.properties, { superclass: "Corp_Thing" })
      ]
    ))

  it("the error decodes from its JSON", () => {
    const differences: ReadonlyArray<WmiClass.Difference> = [
      { _tag: "MissingProperty", property: "A", expected: "string" },
      { _tag: "PropertyType", property: "A", expected: "string", stored: "uint8" },
      { _tag: "KeyProperty", property: "A", expected: true, stored: false },
      { _tag: "NullProperty", property: "A", expected: true, stored: false },
      { _tag: "Superclass", expected: "Corp_A", stored: ["Corp_B"] },
      { _tag: "ClassQualifier", qualifier: "singleton", expected: true, stored: false }
    ]
    const error = new WmiClass.ClassMismatch({ className: "Corp_Asset", differences })
    const json = JSON.stringify(Schema.encodeSync(WmiClass.ClassMismatch)(error))
    const decoded = Schema.decodeUnknownSync(WmiClass.ClassMismatch)(JSON.parse(json))
    assert.instanceOf(decoded, WmiClass.ClassMismatch)
    assert.deepStrictEqual(decoded.differences, differences)
    assert.strictEqual(decoded.message, error.message)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(error)), JSON.parse(json))
  })

  it("that is missing is NotFound", () =>
    run(Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(Asset.check()))._tag, "WbemNotFound")
    })))

  it("that lacks a property is a ClassMismatch of get and list; one of another type is a ParseError", () =>
    run(
      Effect.gen(function* () {
        for (const error of [yield* Effect.flip(Asset.get({ Id: "A" })), yield* Effect.flip(Asset.list())]) {
          assert.strictEqual(error._tag, "ClassMismatch")
          assert.match(error.message, /Owner: string in the definition, missing/)
        }
        const misfit = yield* Effect.flip(Host.get({ Name: "h" }))
        assert.strictEqual(misfit._tag, "ParseError")
        assert.match(misfit.message, /\["Cores"\]/)
      }),
      [
        stored({ Owner: undefined }),
        Instance.make("Corp_Asset", { Id: "A", Price: 1 }),
        ClassDefinition.make("Corp_Host", {
          Name: Property.key("string"),
          Cores: Property.make("string", { value: "many" }),
          Assets: Property.make("object:Corp_Asset[]")
        }),
        Instance.make("Corp_Host", { Name: "h" })
      ]
    ))

  it("in another spelling is read into the names of the typed class", () =>
    run(
      Effect.gen(function* () {
        assert.deepStrictEqual({ ...yield* Host.get({ Name: "h" }) }, { Name: "h", Cores: 2, Assets: null })
      }),
      [
        Asset.definition,
        ClassDefinition.make("CORP_HOST", {
          NAME: Property.key("string"),
          CORES: Property.make("uint8"),
          ASSETS: Property.make("object:Corp_Asset[]")
        }),
        Instance.make("CORP_HOST", { NAME: "h", CORES: 2 })
      ]
    ))
})

describe("the codec", () => {
  it("an unset property of an instance is its default, or NULL", () => {
    const decode = Schema.decodeSync(Host.instance)
    assert.deepStrictEqual({ ...decode(Instance.make("Corp_Host", { name: "h" })) }, {
      Name: "h",
      Cores: 4,
      Assets: null
    })
  })

  it("the encoded instance has every property", () => {
    const instance = Schema.encodeSync(Host.instance)(new Host({ Name: "h" }))
    assert.deepStrictEqual(instance, Instance.make("Corp_Host", { Name: "h", Cores: 4, Assets: null }))
  })
})

describe("schema annotations", () => {
  class Everything extends WmiClass.Class<Everything>()("Corp_Everything", {
    Id: WmiClass.key(WmiClass.string),
    Wide: WmiClass.uint64,
    Small: WmiClass.array(WmiClass.uint8),
    At: WmiClass.datetime,
    Every: WmiClass.interval,
    Host: WmiClass.reference("Corp_Host"),
    Any: WmiClass.object()
  }) {}

  it("JSONSchema of the instances", () => {
    const { $defs } = JSONSchema.make(Schema.typeSchema(Everything))
    assert.deepStrictEqual(($defs!["Corp_Everything"] as { readonly properties: object }).properties, {
      Id: { type: "string" },
      Wide: { anyOf: [{ type: "integer", minimum: 0, maximum: 18446744073709551615 }, { type: "null" }] },
      Small: { anyOf: [{ type: "array", items: { type: "integer", minimum: 0, maximum: 255 } }, { type: "null" }] },
      At: { anyOf: [{ type: "string" }, { type: "null" }] },
      Every: { anyOf: [{ type: "string" }, { type: "null" }] },
      Host: { anyOf: [{ type: "string", title: "a path of Corp_Host" }, { type: "null" }] },
      Any: { anyOf: [{ type: "object", title: "an Instance or a ClassDefinition" }, { type: "null" }] }
    })
  })

  it("Pretty", () => {
    const one = new Everything({
      Id: "a",
      Wide: 1n,
      Host: Host.path({ Name: "h" }),
      Any: Instance.make("Corp_Host", { Name: "h" })
    })
    assert.strictEqual(
      Pretty.make(Everything)(one),
      'Corp_Everything({ "Id": "a", "Wide": 1n, "Small": null, "At": null, "Every": null, '
        + '"Host": Corp_Host.Name="h", "Any": Instance Corp_Host })'
    )
  })
})

describe("kinds of classes", () => {
  it("a singleton has one path and no keys", () =>
    run(Effect.gen(function* () {
      class Settings extends WmiClass.Class<Settings>()("Corp_Settings", { Mode: WmiClass.string }, {
        singleton: true
      }) {}
      yield* Settings.register()
      yield* Settings.put(new Settings({ Mode: "dark" }))
      assert.strictEqual(ObjectPath.format(Settings.path({})), "Corp_Settings=@")
      assert.strictEqual((yield* Settings.get({})).Mode, "dark")
    })))

  it("the keys of a subclass of an abstract class without keys", () => {
    class Thing extends WmiClass.Class<Thing>()("Corp_Thing", { Name: WmiClass.string }, { abstract: true }) {}
    class Box extends Thing.extend<Box>()("Corp_Box", { Name: WmiClass.key(WmiClass.string) }) {}
    assert.strictEqual(ObjectPath.format(Box.path({ Name: "b" })), 'Corp_Box.Name="b"')
    assert.isTrue(new Box({ Name: "b" }) instanceof Thing)
  })

  it("a class without keys has no path", () => {
    class Size extends WmiClass.Class<Size>()("Corp_Size", { Width: WmiClass.uint8 }, { keyless: true }) {}
    assert.strictEqual(refused(() => Size.path({})).message, "Corp_Size: it has no key, so its instances have no path")
  })

  it("a system class is typed, and put as an instance", () =>
    run(Effect.gen(function* () {
      class Namespace extends WmiClass.Class<Namespace>()("__NAMESPACE", { Name: WmiClass.key(WmiClass.string) }, {
        namespace: "root"
      }) {}
      yield* Namespace.put(new Namespace({ Name: "corp" }))
      assert.include((yield* Namespace.list()).map(({ Name }) => Name), "corp")
    })))

  it("a class below a system class", () => {
    class Alarm extends WmiClass.Class<Alarm>()("Corp_Alarm", { Text: WmiClass.string }, {
      superclass: "__ExtrinsicEvent"
    }) {}
    assert.strictEqual(Alarm.definition.superclass, "__ExtrinsicEvent")
  })
})

describe("a definition that makes no sense is refused when it is declared", () => {
  const key = WmiClass.key(WmiClass.string)
  class Base extends WmiClass.Class<Base>()("Corp_Base", { Id: key, Owner: WmiClass.string }) {}
  const declare = (name: string, fields: WmiClass.Fields, options?: Parameters<typeof make>[2]) => () =>
    make(name, fields, options)
  const make = WmiClass.Class<unknown>()
  const extend = Base.extend<unknown>()

  for (
    const [title, declaration, message] of [
      ["a bad name", declare("1st", { Id: key }), /^1st: InvalidParameter .*class-update 2\.6/],
      ["an empty name", declare("", { Id: key }), /^: IncompleteClass/],
      [
        "two properties of one name",
        declare("Corp_A", { Id: key, ID: WmiClass.string }),
        /^Corp_A: .*declared twice.*\(CX-7\)/
      ],
      ["a bad name of a property", declare("Corp_A", { Id: key, "a b": WmiClass.string }), /^Corp_A: .*a b.*\(CS-6\)/],
      [
        "an array as a key",
        declare("Corp_A", { Id: WmiClass.key(WmiClass.array(WmiClass.string)) }),
        /^Corp_A\.Id: .*CS-10/
      ],
      ["a real as a key", declare("Corp_A", { Id: WmiClass.key(WmiClass.real64) }), /^Corp_A\.Id: .*CS-10/],
      ["an object as a key", declare("Corp_A", { Id: WmiClass.key(WmiClass.embedded(Base)) }), /^Corp_A\.Id: .*CS-10/],
      ["no key", declare("Corp_A", { Owner: WmiClass.string }), /^Corp_A: it has no key/],
      ["a singleton with a key", declare("Corp_A", { Id: key }, { singleton: true }), /^Corp_A: .*\(CS-13\)/],
      [
        "a keyless class with a key",
        declare("Corp_A", { Id: key }, { keyless: true }),
        /^Corp_A: it is keyless and has the key Id/
      ],
      [
        "NULL as the default of a not_null property",
        declare("Corp_A", {
          Id: key,
          N: WmiClass.withDefault(WmiClass.notNull(WmiClass.uint8), null as never)
        }),
        /^Corp_A\.N: the default of a not_null property is NULL/
      ],
      [
        "a default out of range",
        declare("Corp_A", { Id: key, N: WmiClass.withDefault(WmiClass.uint8, 256) }),
        /^Corp_A\.N: its default does not fit/
      ],
      [
        "the qualifier key",
        declare("Corp_A", {
          Id: WmiClass.qualifiers(WmiClass.string, { Key: true })
        }),
        /^Corp_A\.Id: the qualifier key follows from the field/
      ],
      [
        "the qualifier abstract",
        declare("Corp_A", { Id: key }, { qualifiers: { Abstract: true } }),
        /^Corp_A: the qualifier Abstract has an option/
      ],
      [
        "a bad name of a superclass",
        declare("Corp_A", { Id: key }, { superclass: "a b" }),
        /^Corp_A: the superclass "a b"/
      ],
      [
        "a system class that is not there",
        declare("__Nothing", { Id: key }),
        /^__Nothing: there is no such system class/
      ],
      [
        "a system class that is another",
        declare("__NAMESPACE", { Name: key, Id: WmiClass.string }),
        /^__NAMESPACE: .*Id: string in the definition, missing/s
      ],
      ["a key below keys", () => extend("Corp_B", { Other: key }), /^Corp_B\.Other: .*\(CS-11\)/],
      [
        "an inherited key that is no key",
        () => extend("Corp_B", { Id: WmiClass.string }),
        /^Corp_B\.Id: it is a key of a class above/
      ],
      [
        "another type of an inherited property",
        () => extend("Corp_B", { Owner: WmiClass.uint8 }),
        /^Corp_B\.Owner: .*\(CS-17\)/
      ],
      [
        "another spelling of an inherited property",
        () => extend("Corp_B", { OWNER: WmiClass.string }),
        /^Corp_B\.OWNER: Corp_Base spells it Owner/
      ],
      ["abstract below a class that is not", () => extend("Corp_B", {}, { abstract: true }), /^Corp_B: .*\(CS-15\)/],
      [
        "a superclass besides the one that it extends",
        () => extend("Corp_B", {}, { superclass: "Corp_C" }),
        /^Corp_B: it extends Corp_Base/
      ],
      ["a value that is no field", declare("Corp_A", { Id: "string" as never }), /^Corp_A\.Id: it is no field/]
    ] as const
  ) {
    it(title, () => {
      const error = refused(declaration)
      assert.strictEqual(error._tag, "InvalidClassDefinition")
      assert.match(error.message, message)
    })
  }

  it("an array of arrays, a literal that does not fit the type, and no literal", () => {
    assert.throws(() => WmiClass.literals(WmiClass.uint8), /no value is listed/)
    assert.throws(() => WmiClass.array(WmiClass.array(WmiClass.string)), /array of arrays/)
    assert.throws(() => WmiClass.literals(WmiClass.uint8, 1, 300), /300 is no uint8/)
  })

  it("a class that WMI refuses is a type with checked: false", () => {
    const { definition } = extend("Corp_B", {}, { abstract: true, checked: false }) as WmiClass.Any
    assert.deepStrictEqual(definition.qualifiers.map(({ name }) => name), ["abstract"])
  })
})
