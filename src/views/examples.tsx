import { PostButton } from './button.tsx'

export type ExampleView = { name: string; title: string; description: string }

/** Templates to start from, each with a file to try it with. */
export function Examples({ examples }: { examples: ExampleView[] }) {
  return (
    <section aria-labelledby="examples">
      <h2 id="examples">Or try an example</h2>
      <ul class="tiles">
        {examples.map((example) => (
          <li class="card tile">
            <h3>{example.title}</h3>
            <p class="quiet">{example.description}</p>
            <PostButton action={`/examples/${example.name}`}>Start with {example.title}</PostButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
