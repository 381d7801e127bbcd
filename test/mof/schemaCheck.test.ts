/** The report of the schema check: counts, and the names of refused classes. */
import { assert, describe, it } from "vitest"
import { schemaCheck } from "./schemaCheck.ts"

const schema = `#pragma namespace("\\\\\\\\.\\\\ROOT\\\\demo")
Qualifier Desc : ToSubclass Amended;
[abstract, Desc("a"), Locale(1033): ToInstance] class Demo_Base {
  [key, read: ToSubClass, MaxLen(8)] String Id;
  [ValueMap{}, Values{"a", "b"}] UINT16 Kind = 3;
  sint64 Wide[] = {1, -5};
  datetime At = "00000000115900.000000+***";
  [EventId(0xC0001B60)] uint32 Code;
  uint32 Go([in] string a = "x", [Q, out, in] Demo_Base ref b, [OUT] uint8 c[]);
};
[singleton] class Demo_One { boolean B = TRUE; char16 C = '\\x0'; };
class Demo_Leaf : Demo_Base {
  real32 New = 0.1;
  Demo_One Part;
  [Desc("k")] String Id;
  uint16 Kind;
  uint32 Other();
  [Desc("g")] uint32 Go([in] string a, [in, out] Demo_Base ref b, [out] uint8 c[]);
};
[association: ToInstance ToSubClass DisableOverride] class Demo_Link { [key] Demo_Base ref A; [key] Demo_Base ref B; };
[dynamic, provider("P")] class Demo_Dynamic : Demo_Leaf { };`

describe("schemaCheck", () => {
  it("a valid schema: everything is created, unchanged, equal", () =>
    assert.deepStrictEqual(schemaCheck(schema), {
      errors: [],
      created: 5,
      refused: [],
      unchanged: 5,
      changed: [],
      equal: 5,
      different: []
    }))

  it("lists refused declarations; a text with errors is not put", () => {
    const { created, equal, refused, unchanged } = schemaCheck("class Demo_A : Demo_Nowhere { }; class Demo_B { };")
    assert.deepStrictEqual([created, unchanged, equal], [1, 1, 1])
    assert.match(refused.join(), /^Demo_A: NotFound .*Demo_Nowhere/)
    assert.strictEqual(schemaCheck("class {").errors.length, 1)
  })
})
