import type { TryOnProduct } from './product.ts'

/** The fields of the try-on form. They are the whole form without script, and the controls of the island with it. */

type PhotoFieldProps = { onFile?: ((file: File) => void) | undefined; chosen?: boolean; invalid?: boolean }

export function PhotoField({ onFile, chosen = false, invalid = false }: PhotoFieldProps) {
  return (
    <div>
      <label for="person" class="block text-[0.95rem] font-medium">
        Your photo
      </label>
      <p id="person-hint" class="text-sm text-soft mt-1">
        Standing, facing the camera, alone, from head to hips. To the feet for trousers, skirts and dresses.
      </p>
      <input
        id="person"
        type="file"
        name="person"
        accept="image/*"
        required={!chosen}
        aria-describedby={invalid ? 'trouble person-hint' : 'person-hint'}
        aria-invalid={invalid ? 'true' : undefined}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file) onFile?.(file)
        }}
        class="mt-3 w-full text-sm text-soft border border-dashed border-edge p-3 bg-card file:bg-ink file:text-paper file:px-4 file:min-h-11 file:mr-4 file:cursor-pointer cursor-pointer"
      />
    </div>
  )
}

type SizeFieldProps = {
  product: TryOnProduct
  colour: string
  size: string
  legend?: string
  onChoose?: ((size: string) => void) | undefined
}

export function SizeField({ product, colour, size, legend = 'Size', onChoose }: SizeFieldProps) {
  const made = new Set(product.variants.filter((one) => one.colour === colour).map((one) => one.size))
  return (
    <fieldset>
      <legend class="text-[0.95rem] font-medium">{legend}</legend>
      <div class="flex flex-wrap gap-2 mt-3">
        {product.sizes
          .filter((one) => made.has(one))
          .map((one) => (
            <label key={one} class="choice">
              <input
                type="radio"
                name="size"
                value={one}
                checked={one === size}
                onChange={onChoose && (() => onChoose(one))}
              />
              <span class="face">{one}</span>
            </label>
          ))}
      </div>
    </fieldset>
  )
}

type HeightFieldProps = { value?: string; onHeight?: ((text: string) => void) | undefined }

export function HeightField({ value, onHeight }: HeightFieldProps) {
  return (
    <div>
      <label for="height" class="block text-[0.95rem] font-medium">
        Your height in cm <span class="font-normal text-soft">(optional)</span>
      </label>
      <p id="height-hint" class="text-sm text-soft mt-1">
        With it, the size falls where it would on you. Without it, an average height is assumed.
      </p>
      <input
        id="height"
        type="number"
        name="height"
        inputmode="numeric"
        min="120"
        max="230"
        step="1"
        value={value}
        aria-describedby="height-hint"
        onChange={
          onHeight && ((event) => onHeight(event.currentTarget.validity.valid ? event.currentTarget.value : ''))
        }
        class="field mt-3 max-w-40"
      />
    </div>
  )
}

export function PhotoPromise() {
  return (
    <p class="text-sm text-soft border-l-2 border-accent pl-4">
      Your photo goes to this shop’s own server, is worked on in memory and is not kept. No one else receives it.{' '}
      <a href="/privacy-of-photos" class="underline underline-offset-4">
        What happens to my photo
      </a>
    </p>
  )
}
