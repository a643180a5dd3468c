using CsCheck;
using SwarmPool.Inference;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class PngInputTests
{
    [Fact]
    public async Task WhatIsNoPngIsRefused()
    {
        await using var backend = Backends.Over(Places.Models);
        Assert.Contains("not a PNG", await backend.RefusalAsync("hello"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("not a PNG", await backend.RefusalAsync([]), StringComparison.Ordinal);
        Assert.Contains("cut off", await backend.RefusalAsync(DigitPictures.Png(1, 1)[..100]), StringComparison.Ordinal);
        Assert.Contains("broken or too few", await backend.RefusalAsync(Pngs.Make(16, 16, 0, new byte[20])), StringComparison.Ordinal);
        Assert.Contains("bits 3", await backend.RefusalAsync(Pngs.Make(16, 16, 0, new byte[600], bits: 3)), StringComparison.Ordinal);
        Assert.Contains("bits 16, colour type 3", await backend.RefusalAsync(Pngs.Make(16, 16, 3, new byte[600], bits: 16)), StringComparison.Ordinal);
        Assert.Contains("interlace 2", await backend.RefusalAsync(Pngs.Make(16, 16, 0, new byte[600], interlace: 2)), StringComparison.Ordinal);
        Assert.Contains("transparent colour has a wrong length", await backend.RefusalAsync(Pngs.Make(16, 16, 2, new byte[16 * 49], transparency: [0, 1])), StringComparison.Ordinal);
        Assert.Contains("filter 9", await backend.RefusalAsync(Pngs.Make(1, 1, 0, [9, 0])), StringComparison.Ordinal);
        Assert.Contains("palette", await backend.RefusalAsync(Pngs.Make(1, 1, 3, [0, 5], palette: [1, 2, 3])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HugeDimensionsAndBombsCostNothing()
    {
        await using var backend = Backends.Over(Places.Models);
        await backend.LoadAsync(Backends.Digits, default);
        Assert.Contains("60000×60000", await backend.RefusalAsync(Pngs.Make(60_000, 60_000, 0, [])), StringComparison.Ordinal);
        Assert.Contains("4294967295", await backend.RefusalAsync(Pngs.Make(-1, 16, 0, [])), StringComparison.Ordinal);

        // 64 MiB of zeros in 64 kB: only the rows that the header calls for are inflated.
        var bomb = Pngs.Make(16, 16, 0, new byte[64 * 1024 * 1024]);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await backend.RunDigitsAsync(bomb);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 * 1024 * 1024);
    }

    [Fact]
    public async Task TooManyBytesAreRefused()
    {
        await using var backend = Backends.Over(Places.Models, options => options.MaxInputBytes = 100);
        Assert.Contains("max_input_bytes", await backend.RefusalAsync(new byte[101]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryColourFormGivesTheSameAnswerAsGray()
    {
        await using var backend = Backends.Over(Places.Models);
        var gray = DigitPictures.Gray(3, 3);
        var grays = Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)i, (byte)i }).ToArray();
        var expected = (await backend.RunDigitsAsync(DigitPictures.Png(3, 3))).Text();
        byte[][] forms =
        [
            Pngs.Make(128, 128, 2, Rows(gray, v => [v, v, v])),
            Pngs.Make(128, 128, 3, Rows(gray, v => [v]), grays),
            Pngs.Make(128, 128, 4, Rows(gray, v => [v, 255])),
            Pngs.Make(128, 128, 6, Rows(gray, v => [v, v, v, 255])),
            Pngs.Make(128, 128, 4, Rows(gray, v => [0, (byte)(255 - v)])), // Ink of some transparency on white.
        ];
        foreach (var form in forms)
        {
            Assert.Equal(expected, (await backend.RunDigitsAsync(form)).Text());
        }
    }

    [Fact]
    public async Task EveryRowFilterGivesTheSameAnswer()
    {
        await using var backend = Backends.Over(Places.Models);
        var expected = (await backend.RunDigitsAsync(DigitPictures.Png(9, 9))).Text();
        for (byte filter = 0; filter <= 4; filter++)
        {
            var rows = Filtered(DigitPictures.Gray(9, 9), 128, filter);
            Assert.Equal(expected, (await backend.RunDigitsAsync(Pngs.Make(128, 128, 0, rows))).Text());
        }
    }

    [Fact]
    public async Task ExactSizeIsHeldTo()
    {
        using var models = new TempModels();
        models.AddDigits("exact", manifest => manifest["preprocess"]!["resize"] = "exact");
        await using var backend = Backends.Over(models.Folder);
        Assert.Contains("128×128; the model takes 16×16", await backend.RefusalAsync(DigitPictures.Png(1, 1)), StringComparison.Ordinal);
        await backend.RunDigitsAsync(Pngs.Make(16, 16, 0, new byte[16 * 17]));
    }

    [Fact]
    public async Task DamagedPicturesAreAnsweredOrRefusedAndNothingElse()
    {
        await using var backend = Backends.Over(Places.Models);
        var picture = DigitPictures.Png(5, 5);
        await Gen.Select(Gen.Int[8, picture.Length - 1], Gen.Byte).Array[1, 8].SampleAsync(
            async changes =>
            {
                var damaged = picture.ToArray();
                foreach (var (at, value) in changes)
                {
                    damaged[at % 64 == 0 ? at : at % 64] = value; // Mostly in the header and the first chunks.
                }

                try
                {
                    await backend.RunDigitsAsync(damaged);
                }
                catch (InferenceException refused)
                {
                    Assert.NotEmpty(refused.Message);
                }
            },
            iter: 500,
            threads: 2);
    }

    [Fact]
    public async Task ARowStreamThatZlibCantReadIsRefused()
    {
        await using var backend = Backends.Over(Places.Models);
        var damaged = DigitPictures.Png(5, 5).ToArray();
        damaged[42] = 32; // Found by the test above: zlib throws an IOException of its own, not InvalidDataException.
        Assert.Contains("broken", await backend.RefusalAsync(damaged), StringComparison.Ordinal);
    }

    private static byte[] Rows(byte[] gray, Func<byte, byte[]> pixel) =>
        [.. gray.Chunk(128).SelectMany(row => row.SelectMany(pixel).Prepend((byte)0))];

    private static byte[] Filtered(byte[] gray, int width, byte filter)
    {
        var rows = new List<byte>();
        for (var i = 0; i < gray.Length; i++)
        {
            if (i % width == 0)
            {
                rows.Add(filter);
            }

            int left = i % width > 0 ? gray[i - 1] : 0;
            int up = i >= width ? gray[i - width] : 0;
            int corner = i >= width && i % width > 0 ? gray[i - width - 1] : 0;
            var guess = left + up - corner;
            int[] nearest = [left, up, corner];
            rows.Add((byte)(gray[i] - filter switch
            {
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => nearest.MinBy(value => Math.Abs(guess - value)),
                _ => 0,
            }));
        }

        return [.. rows];
    }
}
