/** What does not compile with typed classes. `npm run check` compiles this file; each `@ts-expect-error` is an error of the compiler. */
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as ObjectPath from "../../src/model/ObjectPath.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import type { Repository } from "../../src/pipeline/Repository.ts"
import * as WmiClass from "../../src/typed/WmiClass.ts"

class Host extends WmiClass.Class<Host>()("Corp_Host", {
  Name: WmiClass.key(WmiClass.string),
  Parent: WmiClass.embedded("Corp_Host", (): WmiClass.Of<Host> => Host),
  Asset: WmiClass.embedded("Corp_Asset", (): WmiClass.Of<Asset> => Asset)
}) {}

class Asset extends WmiClass.Class<Asset>()("Corp_Asset", {
  Id: WmiClass.key(WmiClass.string),
  Serial: WmiClass.key(WmiClass.uint64),
  Owner: WmiClass.string,
  Price: WmiClass.notNull(WmiClass.uint32),
  Count: WmiClass.withDefault(WmiClass.notNull(WmiClass.uint8), 1),
  State: WmiClass.literals(WmiClass.uint16, 0, 1, 2),
  Tags: WmiClass.array(WmiClass.string),
  Installed: WmiClass.datetime,
  Size: WmiClass.sint64,
  Host: WmiClass.reference("Corp_Host"),
  Card: WmiClass.embedded(Host)
}) {}

class Laptop extends Asset.extend<Laptop>()("Corp_Laptop", { Inches: WmiClass.real32 }) {}

class Settings extends WmiClass.Class<Settings>()("Corp_Settings", { Mode: WmiClass.string }, { singleton: true }) {}

/** Compiles if both types are the same. */
const same = <A, B>(_: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false): void => {}

declare const asset: Asset
declare const laptop: Laptop
declare const host: Host
declare const unknownPath: ObjectPath.ObjectPath

export const constructors = (): void => {
  void new Asset({ Id: "A", Serial: 1n, Price: 3 })
  void new Asset({
    Id: "A",
    Serial: 1n,
    Price: 3,
    Owner: null,
    State: 2,
    Host: Host.path(host),
    Card: host,
    Tags: ["a"]
  })
  void new Laptop({ Id: "A", Serial: 1n, Price: 3, Inches: 13 })
  void new Settings()
  // @ts-expect-error a required property is missing
  void new Asset({ Id: "A", Serial: 1n })
  // @ts-expect-error a misspelt property
  void new Asset({ Id: "A", Serial: 1n, Price: 3, Ownr: "ann" })
  // @ts-expect-error text in place of a number
  void new Asset({ Id: "A", Serial: 1n, Price: "3" })
  // @ts-expect-error a number in place of a bigint
  void new Asset({ Id: "A", Serial: 1, Price: 3 })
  // @ts-expect-error NULL in a key
  void new Asset({ Id: null, Serial: 1n, Price: 3 })
  // @ts-expect-error NULL in a not_null property
  void new Asset({ Id: "A", Serial: 1n, Price: null })
  // @ts-expect-error one value in place of an array
  void new Asset({ Id: "A", Serial: 1n, Price: 3, Tags: "a" })
  // @ts-expect-error NULL in an array
  void new Asset({ Id: "A", Serial: 1n, Price: 3, Tags: [null] })
  // @ts-expect-error a value that is not listed
  void new Asset({ Id: "A", Serial: 1n, Price: 3, State: 3 })
  // @ts-expect-error text in place of a DateTime
  void new Asset({ Id: "A", Serial: 1n, Price: 3, Installed: "20240101000000.000000+000" })
  // @ts-expect-error a path of another class
  void new Asset({ Id: "A", Serial: 1n, Price: 3, Host: Asset.path(asset) })
  // @ts-expect-error an instance of another class
  void new Asset({ Id: "A", Serial: 1n, Price: 3, Card: asset })
  // @ts-expect-error a property of the subclass
  void new Asset({ Id: "A", Serial: 1n, Price: 3, Inches: 13 })
}

export const values = (): void => {
  same<typeof asset.Owner, string | null>(true)
  same<typeof asset.Price, number>(true)
  same<typeof asset.Serial, bigint>(true)
  same<typeof asset.State, 0 | 1 | 2 | null>(true)
  same<typeof asset.Tags, ReadonlyArray<string> | null>(true)
  same<typeof asset.Installed, DateTime.Utc | null>(true)
  same<typeof host.Asset, Asset | null>(true)
  same<typeof laptop.Inches, number | null>(true)
  const above: Asset = laptop
  void above
  // @ts-expect-error a misspelt property
  void asset.Ownr
  // @ts-expect-error an instance cannot be changed
  asset.Owner = "eve"
  // @ts-expect-error an instance of the class above
  const below: Laptop = asset
  void below
}

export const paths = (): void => {
  void Asset.path({ Id: "A", Serial: 1n })
  void Asset.path(laptop)
  void Asset.get(Laptop.path(laptop))
  void Asset.get(unknownPath)
  // @ts-expect-error a key is missing
  void Asset.path({ Id: "A" })
  // @ts-expect-error an unknown key
  void Asset.path({ Id: "A", Serial: 1n, Owner: "ann" })
  // @ts-expect-error a misspelt key
  void Asset.get({ ID: "A", Serial: 1n })
  // @ts-expect-error a key of another type
  void Asset.delete({ Id: 1, Serial: 1n })
  // @ts-expect-error a path of another class
  void Asset.get(Host.path({ Name: "h" }))
  // @ts-expect-error a path of the class above, which may denote another subclass
  void Laptop.get(Asset.path(asset))
}

export const updates = (): void => {
  void Asset.update({ Id: "A", Serial: 1n }, { Owner: "eve", Tags: null })
  void Asset.update(asset, {})
  // @ts-expect-error a misspelt property
  void Asset.update({ Id: "A", Serial: 1n }, { Ownr: "eve" })
  // @ts-expect-error another type
  void Asset.update({ Id: "A", Serial: 1n }, { Price: "3" })
  // @ts-expect-error NULL in a not_null property
  void Asset.update({ Id: "A", Serial: 1n }, { Price: null })
  // @ts-expect-error a key cannot be changed
  void Asset.update({ Id: "A", Serial: 1n }, { Id: "B" })
}

export const puts = (): void => {
  void Asset.put(asset)
  void Asset.put(laptop)
  void Asset.put(asset, { mode: "CreateOnly" })
  // @ts-expect-error an instance of another class
  void Asset.put(host)
  // @ts-expect-error an unknown mode
  void Asset.put(asset, { mode: "Create" })
  same<Effect.Effect.Success<ReturnType<typeof Asset.get>>, Asset>(true)
  same<Effect.Effect.Context<ReturnType<typeof Asset.get>>, Repository>(true)
  same<Effect.Effect.Context<ReturnType<typeof Asset.put>>, Stages>(true)
  same<Effect.Effect.Context<ReturnType<typeof Asset.list>>, NamespaceReader>(true)
  same<Effect.Effect.Success<ReturnType<typeof Laptop.list>>, ReadonlyArray<Laptop>>(true)
}

export const fields = (): void => {
  // @ts-expect-error the type argument is missing
  void class Nothing extends WmiClass.Class()("Corp_Nothing", { Id: WmiClass.key(WmiClass.string) }) {}
  // @ts-expect-error the default of another type
  void WmiClass.withDefault(WmiClass.uint8, "1")
  // @ts-expect-error NULL as the default of a not_null property
  void WmiClass.withDefault(WmiClass.notNull(WmiClass.uint8), null)
  // @ts-expect-error an array of keys
  void WmiClass.array(WmiClass.key(WmiClass.string))
  // @ts-expect-error a literal of another type
  void WmiClass.literals(WmiClass.uint16, "a")
}
