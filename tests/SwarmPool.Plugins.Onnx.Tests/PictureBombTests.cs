using System.Buffers.Binary;
using CsCheck;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Files that promise more than they have cost nothing, in every decoder.</summary>
public sealed class PictureBombTests
{
    public static TheoryData<string> Bombs => ["png", "png-long", "jpeg", "webp-lossy", "webp-lossless"];

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task APictureOfGigabytesIsRefusedByItsHeader(string form)
    {
        await using var made = PictureInputTests.Pixels(4, 4);
        await made.Backend.LoadAsync(MadeModel.Name, default);
        var bomb = form switch
        {
            "png" => Pngs.Make(16_384, 16_384, 2, new byte[64 * 1024]),
            "png-long" => Pngs.Make(int.MaxValue, 1, 2, new byte[64 * 1024]),
            "jpeg" => JpegOf(65_500, 65_500),
            "webp-lossy" => WebpOf(lossless: false),
            _ => WebpOf(lossless: true),
        };
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Contains("at most 16384 pixels a side and 25165824 in all are taken", await made.RefusalAsync(bomb), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4 * 1024 * 1024);
    }

    [Fact]
    public async Task RowsBeyondAPngsSizeAreNotInflated()
    {
        await using var made = PictureInputTests.Pixels(4, 4);
        await made.Backend.LoadAsync(MadeModel.Name, default);
        var bomb = Pngs.Make(16, 16, 2, new byte[64 * 1024 * 1024]);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await made.RunAsync(bomb);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4 * 1024 * 1024);
    }

    [Fact]
    public async Task AJpegOfManyScansIsRefused()
    {
        await using var made = PictureInputTests.Pixels(4, 4);
        using var picture = PictureInputTests.Gradient(16, 16);
        var file = PictureInputTests.Jpeg(picture, 90);
        var scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] bomb = [.. file[..scan], .. Enumerable.Repeat(file[scan..^2], 65).SelectMany(static one => one), 0xFF, 0xD9];
        Assert.Contains("more than 64 scans", await made.RefusalAsync(bomb), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoPictureIsRefused()
    {
        await using var made = PictureInputTests.Pixels(4, 4);
        Assert.Contains("not a PNG, JPEG or WebP picture", await made.RefusalAsync("GIF89a"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("not a PNG, JPEG or WebP picture", await made.RefusalAsync([]), StringComparison.Ordinal);
        byte[] animation = [.. "RIFF\0\0\0\0WEBP"u8, .. "ANIM"u8, 0, 0, 0, 0];
        Assert.Contains("animation", await made.RefusalAsync(animation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("webp")]
    [InlineData("png")]
    public async Task DamagedPicturesAreAnsweredOrRefusedAndNothingElse(string form)
    {
        await using var made = PictureInputTests.Pixels(4, 4);
        using var picture = PictureInputTests.Gradient(48, 40);
        using var png = new MemoryStream();
        SixLabors.ImageSharp.ImageExtensions.SaveAsPng(picture, png);
        var file = form switch { "jpeg" => PictureInputTests.Jpeg(picture, 80), "webp" => PictureInputTests.Webp(picture), _ => png.ToArray() };
        await Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 6].SampleAsync(
            async changes =>
            {
                var damaged = file.ToArray();
                foreach (var (at, value) in changes)
                {
                    damaged[at] = value;
                }

                try
                {
                    await made.RunAsync(damaged);
                }
                catch (InferenceException refused)
                {
                    Assert.NotEmpty(refused.Message);
                }
            },
            iter: 300,
            threads: 1);
    }

    private static byte[] JpegOf(ushort width, ushort height)
    {
        using var picture = PictureInputTests.Gradient(16, 16);
        var file = PictureInputTests.Jpeg(picture, 90);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), width);
        return file;
    }

    private static byte[] WebpOf(bool lossless)
    {
        byte[] data = lossless ? [0x2F, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0] : [0, 0, 0, 0x9D, 0x01, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F];
        return [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBP"u8, .. lossless ? "VP8L"u8 : "VP8 "u8, 10, 0, 0, 0, .. data];
    }
}
