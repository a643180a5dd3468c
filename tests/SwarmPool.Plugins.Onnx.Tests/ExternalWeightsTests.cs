using System.Text;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Weights in files beside the model: they are the model's, and no other file of that name is ever taken for them.</summary>
public sealed class ExternalWeightsTests
{
    public static TheoryData<string> Holders => [.. ExternalModels.Holders];

    [Theory]
    [MemberData(nameof(Holders))]
    public async Task WeightsAreThoseBesideTheModelNeverThoseOfTheCurrentFolder(string holder)
    {
        using var models = new TempModels();
        var file = $"w-{Path.GetFileName(models.Folder)}.bin";
        var decoy = Path.Combine(Environment.CurrentDirectory, file);
        File.WriteAllBytes(decoy, ExternalModels.Number(2048));
        try
        {
            ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W(file, isSparse: holder == "sparse"), holder), (file, ExternalModels.Number(512)));
            Assert.Equal("512", await TimesAsync(models, 1));
        }
        finally
        {
            File.Delete(decoy);
        }
    }

    [Theory]
    [MemberData(nameof(Holders))]
    public async Task WeightsThatModelJsonDoesNotListAreRefusedAtStart(string holder)
    {
        using var models = new TempModels();
        var folder = ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin", isSparse: holder == "sparse"), holder));
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), ExternalModels.Number(512));
        Assert.Contains("m.onnx: keeps weights in w.bin, which model.json doesn't list; add", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherWeightsAreAnotherModel()
    {
        var model = ExternalModels.Model(ExternalModels.W("w.bin"));
        var hashes = new List<string>();
        foreach (var w in (float[])[512, 2048])
        {
            using var models = new TempModels();
            ExternalModels.Add(models, model, ("w.bin", ExternalModels.Number(w)));
            await using var backend = Backends.Over(models.Folder);
            var described = Assert.Single((await backend.DescribeAsync(default)).Models).Sha256;
            var result = await RunAsync(backend, 1);
            Assert.Equal(described, result.Class.ModelSha256);
            hashes.Add(described);
        }

        Assert.Equal(2, hashes.Distinct(StringComparer.Ordinal).Count());

        // As anybody can compute it: { sha256sum <m.onnx | cut -c1-64; sha256sum w.bin; } | sha256sum
        var list = $"{ExternalModels.Hash(model)}\n{ExternalModels.Hash(ExternalModels.Number(512))}  w.bin\n";
        Assert.Equal(ExternalModels.Hash(Encoding.UTF8.GetBytes(list)), hashes[0]);
    }

    [Fact]
    public async Task AnotherFileThanModelJsonSaysIsRefused()
    {
        using var models = new TempModels();
        var folder = ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin")), ("w.bin", ExternalModels.Number(512)));
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), ExternalModels.Number(2048));
        Assert.Contains($"w.bin: its SHA-256 is {ExternalModels.Hash(ExternalModels.Number(2048))}, but model.json says", await RefusalAsync(models), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "w.bin"));
        Assert.Contains("w.bin: is missing; put it here, or correct $.external[0].file", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeightsThatChangeAfterTheStartAreNotLoaded()
    {
        using var models = new TempModels();
        var folder = ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin")), ("w.bin", ExternalModels.Number(512)));
        await using var backend = Backends.Over(models.Folder);
        await backend.DescribeAsync(default);
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), ExternalModels.Number(2048));
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await RunAsync(backend, 1));
        Assert.Contains("w.bin has changed since it was checked", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../w.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("sub/w.bin")]
    [InlineData("sub\\w.bin")]
    [InlineData("..")]
    [InlineData("c:w.bin")]
    [InlineData("*/_ORT_MEM_ADDR_/*")]
    public async Task NoPathLeadsOutOfTheModelsFolder(string location)
    {
        using var models = new TempModels();
        File.WriteAllBytes(Path.Combine(models.Folder, "w.bin"), ExternalModels.Number(512));
        var folder = ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W(location)));
        Assert.Contains("which isn't the bare name of a file in this folder", await RefusalAsync(models), StringComparison.Ordinal);
        ExternalModels.Write(folder, (location, ExternalModels.Hash(ExternalModels.Number(512))));
        Assert.Contains("$.external[0].file: write the bare name of a file in this folder", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALinkMayLeadWithinTheModelsFolderAndNotOut()
    {
        using var models = new TempModels();
        var folder = ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin")), ("w.bin", ExternalModels.Number(512)));
        Directory.CreateDirectory(Path.Combine(folder, "..2026"));
        File.Move(Path.Combine(folder, "w.bin"), Path.Combine(folder, "..2026", "w.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2026");
        File.CreateSymbolicLink(Path.Combine(folder, "w.bin"), "..data/w.bin");
        Assert.Equal("1024", await TimesAsync(models, 2));

        Directory.Move(Path.Combine(folder, "..2026"), Path.Combine(models.Folder, "..2026"));
        File.Delete(Path.Combine(folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "../..2026");
        Assert.Contains("w.bin: is a link to", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PartsOfOneFileAreFound()
    {
        using var models = new TempModels();
        byte[] file = [.. ExternalModels.Number(7), .. ExternalModels.Number(3)];
        ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin", offset: 4, length: null)), ("w.bin", file));
        Assert.Equal("6", await TimesAsync(models, 2));
        ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin", offset: 0, length: 4)), ("w.bin", file));
        Assert.Equal("14", await TimesAsync(models, 2));
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(4, 5)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public async Task APartThatIsNotThereIsRefused(int offset, int length)
    {
        using var models = new TempModels();
        ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin", offset, length)), ("w.bin", new byte[8]));
        Assert.Contains("w.bin: has 8 bytes, but m.onnx looks for tensor \"W\" further on", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListedFileThatIsNotUsedIsToldOf()
    {
        using var models = new TempModels();
        ExternalModels.Add(models, ExternalModels.Model(ExternalModels.W("w.bin")), ("w.bin", ExternalModels.Number(1)), ("v.bin", ExternalModels.Number(1)));
        Assert.Contains("v.bin: m.onnx keeps nothing in it; take it out of $.external", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoOnnxFileIsRefusedAtStart()
    {
        using var models = new TempModels();
        ExternalModels.Add(models, [0x0B, 1, 2, 3]);
        Assert.Contains("m.onnx: it is damaged, or no ONNX file", await RefusalAsync(models), StringComparison.Ordinal);
    }

    private static async Task<string> TimesAsync(TempModels models, int x)
    {
        await using var backend = Backends.Over(models.Folder);
        var text = (await RunAsync(backend, x)).Text();
        Assert.StartsWith("""{"outputs":{"y":{"data":[""", text, StringComparison.Ordinal);
        return text.Split('"')[7];
    }

    private static ValueTask<InferenceResult> RunAsync(IInferenceBackend backend, int x) => backend.RunAsync(
        new InferenceRequest(ExternalModels.Name, ExternalModels.JobType, Encoding.UTF8.GetBytes("""{"inputs":{"x":{"shape":[1,1],"data":[X]}}}""".Replace("X", FormattableString.Invariant($"{x}"), StringComparison.Ordinal))), null, default);

    private static async Task<string> RefusalAsync(TempModels models)
    {
        await using var backend = Backends.Over(models.Folder);
        return (await Assert.ThrowsAsync<InferenceException>(async () => await backend.DescribeAsync(default))).Message;
    }
}
