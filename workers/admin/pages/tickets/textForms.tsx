import type { AppError } from "../../../../shared/errors.ts"
import { Notice } from "../../components/notice.tsx"

/** One on a line, as typed into a box. */
export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")

/** Why a form was not kept. What was typed stands in it still; `path` leads to what holds now. */
export const Problems = ({ error, path }: { error: AppError; path: string | null }) => {
  const problems = Array.isArray(error.details.problems) ? error.details.problems.map(String) : [error.message]
  return (
    <Notice tone="bad">
      {error.code === "conflict" ? (
        <>
          {error.message} What you typed is below, unsaved. {path && <a href={path}>Open what holds now</a>}
        </>
      ) : (
        <ul>
          {problems.map((problem) => (
            <li>{problem}</li>
          ))}
        </ul>
      )}
    </Notice>
  )
}
