import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Photo, photoOfVideo } from './photo.ts'
import type { Session } from './session.ts'

type CameraProps = { onPhoto: (photo: Photo) => void; onClose: () => void }
type Facing = 'user' | 'environment'

/** The live camera with a still capture. The stream stops as soon as the picture is taken or the camera is closed. */
export function Camera({ onPhoto, onClose }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null)
  const [facing, setFacing] = useState<Facing>('user')
  const state = useCamera(video, facing)
  const shoot = () => {
    if (video.current) void photoOfVideo(video.current).then(onPhoto)
  }
  const [count, setCount] = useCountdown(shoot)
  const pause = state !== 'running' || count !== undefined
  if (state === 'refused') return <CameraRefused onClose={onClose} />
  return (
    <div class="bg-ink text-paper">
      <div class="relative">
        <video
          ref={video}
          playsInline
          muted
          aria-label="What the camera sees"
          class={`w-full max-h-[70vh] object-contain ${facing === 'user' ? '-scale-x-100' : ''}`}
        />
        <p
          class="absolute inset-0 grid place-items-center font-display text-8xl pointer-events-none"
          aria-live="assertive"
        >
          {count}
        </p>
      </div>
      <div class="flex flex-wrap items-center justify-center gap-3 p-4">
        <button type="button" class="button bg-paper text-ink" disabled={pause} onClick={shoot}>
          Take the picture
        </button>
        <button type="button" class="button border border-paper" disabled={pause} onClick={() => setCount(10)}>
          In 10 seconds
        </button>
        <button
          type="button"
          class="button border border-paper"
          onClick={() => setFacing(facing === 'user' ? 'environment' : 'user')}
        >
          Other camera
        </button>
        <button type="button" class="button underline underline-offset-4" onClick={onClose}>
          Close
        </button>
      </div>
    </div>
  )
}

/** Runs the camera into `video` for as long as the component stands. */
function useCamera(video: RefObject<HTMLVideoElement | null>, facing: Facing) {
  const [state, setState] = useState<'starting' | 'running' | 'refused'>('starting')
  useEffect(() => {
    let stream: MediaStream | undefined
    let over = false
    const open = async () => {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 1280 } },
        audio: false,
      })
      if (over || !video.current) return stop(stream)
      video.current.srcObject = stream
      await video.current.play()
      setState('running')
    }
    open().catch(() => over || setState('refused'))
    return () => {
      over = true
      if (stream) stop(stream)
    }
  }, [facing])
  return state
}

/** Counts down the seconds that a person needs to step back, then does `work`. */
function useCountdown(work: () => void) {
  const [count, setCount] = useState<number>()
  useEffect(() => {
    if (count === undefined) return
    const timer = setTimeout(() => {
      setCount(count > 1 ? count - 1 : undefined)
      if (count === 1) work()
    }, 1000)
    return () => clearTimeout(timer)
  }, [count])
  return [count, setCount] as const
}

const stop = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop())

function CameraRefused({ onClose }: { onClose: () => void }) {
  return (
    <div class="bg-sand p-6" role="alert">
      <p class="font-medium">The camera did not open.</p>
      <p class="mt-1 text-soft">
        Allow this page to use it in your browser’s settings, or take a picture with your camera app and choose it here.
      </p>
      <button type="button" class="outline mt-4" onClick={onClose}>
        All right
      </button>
    </div>
  )
}

/** Where a browser has no camera for pages, the camera app is asked instead. */
export function CameraButtons({ session }: { session: Session }) {
  return (
    <div class="flex flex-wrap items-center gap-x-6 gap-y-2 mt-3">
      {'mediaDevices' in navigator ? (
        <button type="button" class="outline min-h-11! px-5!" onClick={session.openCamera}>
          Use the camera
        </button>
      ) : (
        <label class="text-sm">
          Or take one now
          <input
            type="file"
            accept="image/*"
            capture="user"
            class="block mt-1 min-h-11"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0]
              if (file) void session.choosePhoto(file)
            }}
          />
        </label>
      )}
      <label class="flex items-center gap-3 min-h-11 text-sm cursor-pointer">
        <input
          type="checkbox"
          class="w-4.5 h-4.5 shrink-0"
          checked={session.kept.value}
          onChange={(event) => void session.keep(event.currentTarget.checked)}
        />
        Keep my photo on this device for the next garment
      </label>
    </div>
  )
}
