using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>A model that does not give what its pack says is not offered, and whoever reads learns which vector, what was expected, and what came.</summary>
public sealed class GoldenVectorTests : IDisposable
{
    private const string Model = "queenbee-spine";

    private readonly PackStage packs = new();

    public void Dispose() => packs.Dispose();

    [Fact]
    public async Task Vectors_are_run_by_the_backend_and_what_differs_is_told()
    {
        var local = await PullAsync(Model, """{"bytes":3}""", """{"bytes":4}""");
        var backend = new FakeBackend();
        var refusal = Assert.Single(await GoldenVectorRun.RunAsync(local, backend, TimeProvider.System, CancellationToken.None));
        Assert.Equal(
            $"{ErrorCodes.GoldenVectorFailed}: {Model}, golden vector 2 (t, golden/in): from byte 9 on '{{\"bytes\":4}}' is expected, and '{{\"bytes\":3}}' came. The run was of another class than the pack states: device cpu, not cuda:x.",
            refusal.ToString());
        Assert.All(backend.Runs, static run => Assert.Equal((Model, "t", "abc"), (run.Model, run.JobType, Encoding.UTF8.GetString(run.Input.Span))));
        Assert.Equal(2, backend.Runs.Count);
    }

    [Fact]
    public async Task A_backend_that_throws_is_told_once()
    {
        var local = await PullAsync(Model, """{"bytes":3}""", """{"bytes":3}""");
        var backend = new FakeBackend { During = static (_, _) => throw new InvalidOperationException("It burns.") };
        var refusal = Assert.Single(await GoldenVectorRun.RunAsync(local, backend, TimeProvider.System, CancellationToken.None));
        Assert.Equal((ErrorCodes.GoldenVectorFailed, $"{Model}, golden vector 1 (t, golden/in): It burns."), (refusal.Code, refusal.Reason));
    }

    [Fact]
    public async Task A_vector_that_is_not_the_packs_is_not_believed()
    {
        var local = await PullAsync(Model, """{"bytes":3}""");
        await File.WriteAllTextAsync(Path.Combine(local.Folder, "golden", "out-0"), "other", CancellationToken.None);
        var refusal = Assert.Single(await GoldenVectorRun.RunAsync(local, new FakeBackend(), TimeProvider.System, CancellationToken.None));
        Assert.Equal((ErrorCodes.PackFileDiffers, $"{Model}, golden vector 1 (t, golden/in): golden/out-0 is not the pack's."), (refusal.Code, refusal.Reason));
    }

    [Fact]
    public async Task A_miner_offers_the_models_that_keep_to_their_vectors_and_no_others()
    {
        var right = await PullAsync("right", """{"bytes":3}""");
        var wrong = await PullAsync("wrong", """{"bytes":9}""");
        await using var stage = await new MinerStage(backend: new FakeBackend("right", "wrong", "without"), packs: packs.Folder).StartAsync();
        var registration = (RegistrationSnapshot)(await stage.Pool.ExpectAsync<RegistrationSnapshot>()).Body;
        Assert.Equal(["right", "without", right.Cid.ToString()], registration.Models);
        Assert.Contains(stage.Witness.Lines, static line => line.StartsWith($"not offered wrong {ErrorCodes.GoldenVectorFailed} wrong, golden vector 1 (t, golden/in): from byte 9 on ", StringComparison.Ordinal));
        Assert.Equal(1, stage.Witness.Count("not offered"));
        packs.Folder.Remove(wrong); // It is not used.
    }

    [Fact]
    public async Task A_miner_that_has_none_left_does_not_start()
    {
        await PullAsync(Model, """{"bytes":9}""");
        await using var stage = new MinerStage(packs: packs.Folder);
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Miner.PrepareAsync(CancellationToken.None));
        Assert.Equal(ErrorCodes.GoldenVectorFailed, refused.Code);
        Assert.StartsWith($"No model is left to offer: {Model}, golden vector 1 ", refused.Message, StringComparison.Ordinal);
    }

    private async Task<LocalPack> PullAsync(string name, params string[] outputs)
    {
        packs.Write("weights.bin", Encoding.UTF8.GetBytes(name));
        packs.Write("golden/in", "abc"u8);
        for (var i = 0; i < outputs.Length; i++)
        {
            packs.Write($"golden/out-{i}", Encoding.UTF8.GetBytes(outputs[i]));
        }

        var vectors = outputs.Select(static (_, i) => $$"""{"job_type":"t","input":"golden/in","output":"golden/out-{{i}}"}""");
        packs.Write("pack.json", Encoding.UTF8.GetBytes(
            $$"""{"name":"{{name}}","numeric_class":{"model_sha256":"{{new string('b', 64)}}","device":"cuda:x"},"golden_vectors":[{{string.Join(',', vectors)}}]}"""));
        return await packs.Transfer.PullAsync((await packs.Transfer.AddAsync(packs.Source)).Cid);
    }
}
