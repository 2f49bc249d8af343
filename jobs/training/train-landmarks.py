"""Trains the network that reads a garment's category, cut and landmarks from its silhouette alone.

To train it anew, run dump-outlines.ts, then this with modules/tryon/weights/garment-landmarks.bin as OUT.bin:
python3 train-landmarks.py FOLDER OUT.bin [--minutes 12]   (FOLDER from dump-outlines.ts; needs torch and numpy)

OUT.bin: a JSON header (length as uint32, little endian) that lists the layers, then their weights: one float32 scale and
one float32 bias per output channel, and int8 weights. Batch norms are folded in.
"""
import argparse, json, math, struct, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument('folder')
parser.add_argument('out')
parser.add_argument('--minutes', type=float, default=12)
parser.add_argument('--threads', type=int, default=1)
parser.add_argument('--rate', type=float, default=3e-3)
parser.add_argument('--start', help='checkpoint to go on from')
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(1)

meta = json.load(open(f'{args.folder}/names.json'))
names, classes, size, count = meta['names'], meta['classes'], meta['size'], meta['count']
masks = torch.from_numpy(np.fromfile(f'{args.folder}/masks.u8', np.uint8).reshape(count, 1, size, size))
labels = torch.from_numpy(np.fromfile(f'{args.folder}/labels.f32', np.float32).reshape(count, -1))
mirrored = [names.index(n.replace('Left', '#').replace('Right', 'Left').replace('#', 'Right')) for n in names]
K, MAP = len(names), size // 4


def unit(cin, cout, k, stride=1, dilation=1):
    pad = dilation * (k // 2)
    return nn.Sequential(nn.Conv2d(cin, cout, k, stride, pad, dilation, bias=False), nn.BatchNorm2d(cout), nn.ReLU())


class Net(nn.Module):
    """Silhouette -> heatmap logits (a quarter of its size) per landmark, class logits, quarter-turn logits."""

    def __init__(self):
        super().__init__()
        self.c1 = unit(1, 12, 5, 2)
        self.c2 = unit(12, 24, 3, 2)
        self.c3 = unit(24, 24, 3)
        self.c4 = unit(24, 48, 3, 2)
        self.c5 = unit(48, 48, 3)
        self.c6 = unit(48, 80, 3, 2)
        self.c7 = unit(80, 80, 3)
        self.c8 = unit(80, 80, 3, 1, 2)
        self.m1 = unit(80, 48, 1)
        self.u1 = unit(48, 48, 3)
        self.m2 = unit(48, 24, 1)
        self.u2 = unit(24, 40, 3)
        self.heat = nn.Conv2d(40, K, 1)
        self.fc1 = unit(80, 64, 1)
        self.fc2 = nn.Conv2d(64, len(classes) + 4, 1)

    def forward(self, x):
        a = self.c3(self.c2(self.c1(x)))
        b = self.c5(self.c4(a))
        c = self.c6(b)
        c = self.c7(c) + c
        c = self.c8(c) + c
        b = self.u1(F.interpolate(self.m1(c), scale_factor=2) + b)
        a = self.u2(F.interpolate(self.m2(b), scale_factor=2) + a)
        head = self.fc2(self.fc1(c.mean((2, 3), keepdim=True))).flatten(1)
        return self.heat(a), head[:, : len(classes)], head[:, len(classes) :]


def augment(m, points, seen):
    """Turned, sheared, mirrored, with ragged edges, bites and holes; some laid on their side."""
    n = m.shape[0]
    flip = torch.rand(n) < 0.5
    points = torch.where(flip[:, None, None], torch.stack([1 - points[..., 0], points[..., 1]], -1)[:, mirrored], points)
    seen = torch.where(flip[:, None], seen[:, mirrored], seen)
    turn = torch.where(torch.rand(n) < 0.25, torch.randint(1, 4, (n,)), torch.zeros(n, dtype=torch.long))
    angle = (torch.rand(n) * 2 - 1) ** 3 * math.radians(25) + turn * (math.pi / 2)
    scale = 0.82 + 0.3 * torch.rand(n)
    stretch = torch.exp(torch.randn(n) * 0.06)
    shear = torch.randn(n) * 0.06
    shift = torch.randn(n, 2) * 0.03
    c, s, zero = torch.cos(angle), torch.sin(angle), torch.zeros(n)
    turned = torch.stack([torch.stack([c, -s], -1), torch.stack([s, c], -1)], 1)
    shape = torch.stack([torch.stack([scale * stretch, scale * shear], -1), torch.stack([zero, scale / stretch], -1)], 1)
    # A maps centred garment coordinates to picture coordinates; the sampler wants its inverse.
    A = turned @ shape
    inverse = torch.linalg.inv(A)
    # Perspective of a phone held askew.
    tilt = torch.randn(n, 2) * 0.06
    ys, xs = torch.meshgrid(torch.linspace(-1, 1, size), torch.linspace(-1, 1, size), indexing='ij')
    grid = torch.stack([xs, ys], -1).expand(n, size, size, 2) - 2 * shift[:, None, None]
    w = 1 + (grid * tilt[:, None, None]).sum(-1, keepdim=True)
    grid = (grid / w) @ inverse.transpose(1, 2)[:, None]
    fx = torch.where(flip, -1.0, 1.0)
    grid = torch.stack([grid[..., 0] * fx[:, None, None], grid[..., 1]], -1)
    small = torch.randn(n, 2, 24, 24) * torch.rand(n, 1, 1, 1) * 0.012
    grid = grid + F.interpolate(small, (size, size), mode='bilinear').permute(0, 2, 3, 1)
    m = F.grid_sample(m, grid, align_corners=True)
    # Where a point lands: solve q = (p / (1 + p.t)) for p.
    q = (points * 2 - 1) @ A.transpose(1, 2)
    p = q / (1 - (q * tilt[:, None]).sum(-1, keepdim=True))
    points = (p + 2 * shift[:, None] + 1) / 2
    noise = F.interpolate(torch.randn(n, 1, 32, 32), (size, size), mode='bilinear') * torch.rand(n, 1, 1, 1) * 0.25
    m = ((F.avg_pool2d(m, 3, 1, 1) + noise * (F.max_pool2d(m, 5, 1, 2) - (1 - F.max_pool2d(1 - m, 5, 1, 2))) - 0.5) * 3 + 0.5).clamp(0, 1)
    # Sleeves that lie close to the body and legs that touch: narrow gaps are lost in the cut-out.
    close = lambda k: -F.max_pool2d(-F.max_pool2d(m, k, 1, k // 2), k, 1, k // 2)
    pick = torch.rand(n, 1, 1, 1)
    m = torch.where(pick < 0.12, close(3), torch.where(pick < 0.24, close(5), torch.where(pick < 0.34, close(9), m)))
    for _ in range(2):
        centre = torch.rand(n, 2) * 2 - 1
        radius = torch.rand(n) * 0.09 * (torch.rand(n) < 0.25)
        base = torch.stack([xs, ys], -1).expand(n, size, size, 2)
        hole = (base - centre[:, None, None]).square().sum(-1) < (radius**2)[:, None, None]
        m = m * (~hole[:, None])
    return m, points, seen, turn


net = Net()
if args.start:
    net.load_state_dict(torch.load(args.start))
print('parameters', sum(p.numel() for p in net.parameters()), flush=True)
held = 400
BATCH = 32
best_rate = args.rate
optimiser = torch.optim.AdamW(net.parameters(), lr=best_rate, weight_decay=1e-3)
cells = (torch.arange(MAP) + 0.5) / MAP


def expected(heat):
    p = heat.flatten(2).softmax(-1).view_as(heat)
    return torch.stack([(p.sum(2) * cells).sum(-1), (p.sum(3) * cells).sum(-1)], -1)


def batch_of(index):
    m = masks[index].float() / 255
    l = labels[index]
    points = l[:, 1:].view(-1, K, 2)
    return m, points, points[..., 0] >= 0, l[:, 0].long()


def evaluate(augmented):
    net.eval()
    torch.manual_seed(5)
    with torch.no_grad():
        m, points, seen, kind = batch_of(torch.arange(held))
        turn = torch.zeros(held, dtype=torch.long)
        if augmented:
            m, points, seen, turn = augment(m, points, seen)
        heat, cls, rot = net(m)
        ok = seen & (turn == 0)[:, None]
        d = (expected(heat) - points).norm(dim=-1)[ok]
        real = kind != len(classes) - 1
        result = (d.mean().item(), d.quantile(0.95).item(), (cls.argmax(1) == kind).float().mean().item(), (rot.argmax(1) == turn)[real].float().mean().item())
    net.train()
    torch.manual_seed(int(time.time()))
    return result


began = time.time()
limit = args.minutes * 60
step = 0
while (spent := time.time() - began) < limit:
    share = spent / limit
    rate = best_rate * min(1, (step + 1) / 100) * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * share)))
    for group in optimiser.param_groups:
        group['lr'] = rate
    m, points, seen, kind = batch_of(torch.randint(held, count, (BATCH,)))
    m, points, seen, turn = augment(m, points, seen)
    heat, cls, rot = net(m)
    upright = (seen & (turn == 0)[:, None] & (points > 0).all(-1) & (points < 1).all(-1)).float()
    gx = torch.exp(-(((cells - points[..., :1]) * MAP) ** 2) / 2)
    gy = torch.exp(-(((cells - points[..., 1:]) * MAP) ** 2) / 2)
    target = (gy[..., :, None] * gx[..., None, :]).flatten(2)
    target = target / target.sum(-1, keepdim=True).clamp(min=1e-6)
    heat_loss = -(target * heat.flatten(2).log_softmax(-1)).sum(-1)
    point_loss = F.smooth_l1_loss(expected(heat) * MAP, points * MAP, beta=0.5, reduction='none').sum(-1)
    real = kind != len(classes) - 1
    loss = ((heat_loss + 0.5 * point_loss) * upright).sum() / upright.sum().clamp(min=1)
    loss = loss + 0.6 * F.cross_entropy(cls, kind, label_smoothing=0.03) + 0.4 * F.cross_entropy(rot[real], turn[real])
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5)
    optimiser.step()
    step += 1
    if step % 200 == 0:
        print(f'{spent:.0f}s step {step} loss {loss.item():.3f}', flush=True)
    if step % 500 == 0:
        print('  plain', evaluate(False), 'augmented', evaluate(True), flush=True)
        torch.save(net.state_dict(), args.out + '.pt')

print('final plain', evaluate(False), 'augmented', evaluate(True), 'steps', step, flush=True)
torch.save(net.state_dict(), args.out + '.pt')

net.eval()
header, blobs = [], []
for name, module in net.named_children():
    conv = module[0] if isinstance(module, nn.Sequential) else module
    weight = conv.weight.detach().clone()
    if isinstance(module, nn.Sequential):
        norm = module[1]
        gain = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
        weight, bias = weight * gain[:, None, None, None], norm.bias.detach() - norm.running_mean * gain
    else:
        bias = conv.bias.detach()
    scale = weight.flatten(1).abs().amax(1).clamp(min=1e-8) / 127
    header.append({'name': name, 'shape': list(weight.shape), 'stride': conv.stride[0], 'dilation': conv.dilation[0]})
    blobs += [scale.numpy().astype('<f4').tobytes(), bias.numpy().astype('<f4').tobytes()]
    blobs += [(weight / scale[:, None, None, None]).round().clamp(-127, 127).to(torch.int8).numpy().tobytes()]
text = json.dumps({'names': names, 'classes': classes, 'size': size, 'layers': header}).encode()
text += b' ' * (-len(text) % 4)
with open(args.out, 'wb') as f:
    f.write(struct.pack('<I', len(text)) + text + b''.join(blobs))
