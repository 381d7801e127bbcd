/** The tables of classes of each namespace. A table comes after those with its superclasses. */
import { accountClasses } from "./accountClasses.ts"
import { associationClasses } from "./associationClasses.ts"
import { cimClasses } from "./cimClasses.ts"
import { driverClasses } from "./driverClasses.ts"
import { eventClasses } from "./eventClasses.ts"
import { hardwareClasses } from "./hardwareClasses.ts"
import { networkClasses } from "./networkClasses.ts"
import {
  configurationClasses,
  defaultClasses,
  securityCenterClasses,
  tpmClasses,
  volumeEncryptionClasses
} from "./otherClasses.ts"
import { performanceClasses } from "./performanceClasses.ts"
import { sharingClasses } from "./sharingClasses.ts"
import { softwareClasses } from "./softwareClasses.ts"
import { storageClasses } from "./storageClasses.ts"
import { subscriptionClasses } from "./subscriptionClasses.ts"

/** The tables by namespace, in the notation of `classNotation`. */
export const schema: ReadonlyArray<readonly [namespace: string, tables: ReadonlyArray<string>]> = [
  ["root\\cimv2", [
    cimClasses,
    hardwareClasses,
    storageClasses,
    networkClasses,
    softwareClasses,
    accountClasses,
    sharingClasses,
    performanceClasses,
    associationClasses,
    eventClasses
  ]],
  ["root\\default", [defaultClasses]],
  ["root\\subscription", [subscriptionClasses]],
  ["root\\WMI", [driverClasses]],
  ["root\\cimv2\\Security\\MicrosoftTpm", [tpmClasses]],
  ["root\\cimv2\\Security\\MicrosoftVolumeEncryption", [volumeEncryptionClasses]],
  ["root\\Microsoft\\Windows\\DesiredStateConfiguration", [configurationClasses]],
  ["root\\SecurityCenter2", [securityCenterClasses]]
]
