// An inventory agent: it keeps the assets of a company in a namespace of WMI.
import { Effect, Stream } from "effect"
import { BulkPut, ClassDefinition, Instance, Property, PutAsync, PutOutcome, PutRequest } from "effect-wmi"

export const namespace = "root\\corp"

const assetClass = ClassDefinition.make("Corp_Asset", {
  Id: Property.key("string"),
  Owner: Property.make("string"),
  Price: Property.make("uint32")
})

const assetClassWithSite = ClassDefinition.make("Corp_Asset", {
  Id: Property.key("string"),
  Owner: Property.make("string"),
  Price: Property.make("uint64"),
  Site: Property.make("string")
})

export interface Asset {
  readonly id: string
  readonly owner: string
  readonly price: number
}

const request = ({ id, owner, price }: Asset) =>
  PutRequest.make(Instance.make("Corp_Asset", { Id: id, Owner: owner, Price: price }), { namespace })

export const register = PutAsync.put(PutRequest.make(assetClass, { namespace, mode: "CreateOnly" })).pipe(
  Effect.as("registered"),
  Effect.catchTag("WbemAlreadyExists", () => Effect.succeed("already there"))
)

export const save = (asset: Asset) => PutAsync.put(request(asset))

export const saveAll = (assets: ReadonlyArray<Asset>) => Effect.forEach(assets, save, { discard: true })

/** One transaction for each batch; returns how many were created, rejected and so on. */
export const saveInBulk = (assets: ReadonlyArray<Asset>) =>
  Stream.fromIterable(assets).pipe(
    Stream.map(request),
    BulkPut.run(),
    Stream.runFold(PutOutcome.emptyTally, PutOutcome.tally)
  )

export const changeOwner = (id: string, owner: string) => {
  const change = Instance.make("Corp_Asset", { Id: id, Owner: owner })
  const context = { __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: ["Owner"] } // the other properties stay
  return PutAsync.put(PutRequest.make(change, { namespace, mode: "UpdateOnly", context })).pipe(
    Effect.as("changed"),
    Effect.catchTags({
      WbemNotFound: () => Effect.succeed("no such asset"),
      WbemAccessDenied: (error) => Effect.succeed(`${error.right} is missing`)
    })
  )
}

/** A forced update deletes the instances. */
export const upgrade = PutAsync.put(PutRequest.make(assetClassWithSite, { namespace, update: "Force" }))
