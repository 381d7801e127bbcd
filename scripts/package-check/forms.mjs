// What GitHub demands of an issue form (.github/ISSUE_TEMPLATE/*.yml) and of its config.yml, as the documentation of its syntax says.
// GitHub ignores a form that breaks one of these rules, without a message.

const isText = (value) => typeof value === "string" && value.trim() !== ""
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value)

/** The attributes of each kind of element: a name that ends in `!` is required. */
const attributes = {
  markdown: ["value!"],
  textarea: ["label!", "description", "placeholder", "value", "render"],
  input: ["label!", "description", "placeholder", "value"],
  dropdown: ["label!", "description", "multiple", "options!", "default"],
  checkboxes: ["label!", "description", "options!"]
}

const elementFaults = (element, at) => {
  if (!isObject(element)) return [`${at} is no object`]
  const known = attributes[element.type]
  if (known === undefined) return [`${at}: the type ${element.type} is none of ${Object.keys(attributes).join(", ")}`]
  const faults = Object.keys(element).filter((name) => !["type", "id", "attributes", "validations"].includes(name))
    .map((name) => `${at}: unknown key ${name}`)
  if (element.type !== "markdown" && !/^[\w-]+$/.test(element.id ?? "")) {
    faults.push(`${at}: the id is missing or not valid`)
  }
  const given = isObject(element.attributes) ? element.attributes : {}
  const names = known.map((name) => name.replace("!", ""))
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) faults.push(`${at}: unknown attribute ${name}`)
  }
  for (const name of known.filter((one) => one.endsWith("!")).map((one) => one.slice(0, -1))) {
    const value = given[name]
    const isValid = name === "options" ? Array.isArray(value) && value.length > 0 : isText(value)
    if (!isValid) faults.push(`${at}: the attribute ${name} is missing or empty`)
  }
  if (element.type === "dropdown" && Array.isArray(given.options)) {
    if (!given.options.every(isText)) faults.push(`${at}: an option is no text`)
    if (new Set(given.options).size !== given.options.length) faults.push(`${at}: an option stands twice`)
  }
  if (
    element.type === "checkboxes" && Array.isArray(given.options) && !given.options.every((one) => isText(one?.label))
  ) {
    faults.push(`${at}: an option has no label`)
  }
  const required = element.validations?.required
  if (required !== undefined && typeof required !== "boolean") faults.push(`${at}: validations.required is no boolean`)
  return faults
}

const configFaults = (file, config) => {
  const faults = Object.keys(config).filter((name) => !["blank_issues_enabled", "contact_links"].includes(name))
    .map((name) => `${file}: unknown key ${name}`)
  if (typeof config.blank_issues_enabled !== "boolean") faults.push(`${file}: blank_issues_enabled is no boolean`)
  return faults
}

/** The faults of a form, or of config.yml, that was parsed: a line for each. */
export const formFaults = (file, form) => {
  if (!isObject(form)) return [`${file} is no object`]
  if (file === "config.yml") return configFaults(file, form)
  const faults = Object.keys(form)
    .filter((name) =>
      !["name", "description", "title", "labels", "assignees", "projects", "type", "body"].includes(name)
    )
    .map((name) => `${file}: unknown key ${name}`)
  for (const name of ["name", "description"]) {
    if (!isText(form[name])) faults.push(`${file}: ${name} is missing or empty`)
  }
  if (!Array.isArray(form.body) || form.body.length === 0) return [...faults, `${file}: body is missing or empty`]
  if (form.body.every((element) => element?.type === "markdown")) faults.push(`${file}: body asks for nothing`)
  const asked = form.body.filter((element) => element?.type !== "markdown")
  for (const member of ["id", "label"]) {
    const all = asked.map((element) => member === "id" ? element?.id : element?.attributes?.label)
    for (const [i, one] of all.entries()) {
      if (one !== undefined && all.indexOf(one) !== i) faults.push(`${file}: the ${member} ${one} stands twice`)
    }
  }
  return [...faults, ...form.body.flatMap((element, i) => elementFaults(element, `${file}: element ${i + 1}`))]
}
