/** The instances of the computer by namespace. */
import type { Instance } from "../../model/WbemObject.ts"
import { accounts } from "./accounts.ts"
import { associations } from "./associations.ts"
import { devices, hardware, plugAndPlay } from "./hardware.ts"
import { adapters, network } from "./network.ts"
import { otherNamespaces } from "./otherNamespaces.ts"
import { performance } from "./performance.ts"
import { sharing } from "./sharing.ts"
import { software } from "./software.ts"
import { disks, storage } from "./storage.ts"

export const instances = (): ReadonlyArray<readonly [namespace: string, instances: ReadonlyArray<Instance>]> => [
  ["root\\cimv2", [
    ...hardware(),
    ...storage(),
    ...network(),
    ...plugAndPlay([...devices(), ...disks(), ...adapters()]),
    ...software(),
    ...accounts(),
    ...sharing(),
    ...performance(),
    ...associations()
  ]],
  ...otherNamespaces()
]
