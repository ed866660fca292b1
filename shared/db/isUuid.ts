const shape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether PostgreSQL takes a text from outside as a uuid. */
export const isUuid = (text: string): boolean => shape.test(text)
