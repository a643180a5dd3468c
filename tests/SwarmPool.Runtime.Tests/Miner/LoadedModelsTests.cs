using System.Collections.Concurrent;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>No more models are loaded than the miner allows: the one that was not used for longest makes room, and one in use never does.</summary>
public sealed class LoadedModelsTests
{
    [Fact]
    public async Task The_model_that_was_not_used_for_longest_makes_room()
    {
        var backend = new UnloadingBackend();
        var models = new LoadedModels(backend, 2);
        foreach (var model in new[] { "a", "b", "a", "c", "a", "b" })
        {
            (await models.UseAsync(model, default))!.Dispose();
        }

        Assert.Equal(["b", "c"], backend.Unloaded);
        Assert.Equal(["a", "b"], models.Names);
    }

    [Fact]
    public async Task A_model_in_use_is_never_unloaded_and_who_needs_room_waits_for_the_first_that_is_free()
    {
        var backend = new UnloadingBackend();
        var models = new LoadedModels(backend, 2);
        var (a, b) = (await models.UseAsync("a", default), await models.UseAsync("b", default));
        var again = await models.UseAsync("a", default);

        var c = models.UseAsync("c", default);
        a!.Dispose();
        a.Dispose(); // Twice counts once.
        Assert.False(c.IsCompleted);
        Assert.Empty(backend.Unloaded);

        b!.Dispose();
        using (await c.WaitAsync(Patience.Long))
        {
            Assert.Equal(["b"], backend.Unloaded);
            Assert.Equal(["a", "c"], models.Names.Order());
        }

        again!.Dispose();
    }

    /// <summary>Else whoever wants what is loaded would go on before whoever waits for room, for ever.</summary>
    [Fact]
    public async Task Who_comes_first_is_served_first()
    {
        var models = new LoadedModels(new UnloadingBackend(), 1);
        var a = await models.UseAsync("a", default);
        var b = models.UseAsync("b", default);
        var again = models.UseAsync("a", default);
        Assert.False(again.IsCompleted);

        a!.Dispose();
        (await b.WaitAsync(Patience.Long))!.Dispose();
        (await again.WaitAsync(Patience.Long))!.Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_up_nobody()
    {
        var models = new LoadedModels(new UnloadingBackend(), 1);
        var a = await models.UseAsync("a", default);
        using var impatient = new CancellationTokenSource();
        var b = models.UseAsync("b", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => b);

        (await models.UseAsync("a", default).WaitAsync(Patience.Long))!.Dispose();
        a!.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_stays_is_told_and_another_is_asked_next_time(bool throws)
    {
        var backend = new UnloadingBackend { Stays = "a", Throws = throws };
        var models = new LoadedModels(backend, 2);
        (await models.UseAsync("a", default))!.Dispose();
        (await models.UseAsync("b", default))!.Dispose();

        var refused = await Assert.ThrowsAsync<InferenceException>(() => models.UseAsync("c", default));
        Assert.StartsWith(
            $"{ErrorCodes.ModelStaysLoaded}: The backend keeps the model a, which was to make room for c (max_loaded_models 2): {(throws ? "it is stuck" : "something is under way with it")}.",
            refused.Message,
            StringComparison.Ordinal);

        (await models.UseAsync("c", default))!.Dispose();
        Assert.Equal(["b"], backend.Unloaded);
    }

    [Fact]
    public async Task Without_a_limit_nothing_is_counted()
    {
        var models = new LoadedModels(new UnloadingBackend(), 0);
        Assert.Null(await models.UseAsync("a", default));
        Assert.Empty(models.Names);
    }

    [Fact]
    public async Task A_limit_that_the_backend_can_not_hold_is_told_at_the_start()
    {
        await using var stage = new MinerStage(options => options.MaxLoadedModels = 2, new FakeBackend("a", "b", "c"));
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Miner.PrepareAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCodes.BackendCantUnload, refused.Code);
        Assert.Contains("max_loaded_models is 2, 3 models are offered", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_is_never_reached_asks_nothing_of_the_backend()
    {
        await using var stage = new MinerStage(options => options.MaxLoadedModels = 3, new FakeBackend("a", "b", "c"));
        await stage.Miner.PrepareAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The whole way: jobs for three models, one after the other, in a miner that may have one of them.</summary>
    [Fact]
    public async Task A_miner_unloads_before_it_runs_another()
    {
        var backend = new UnloadingBackend();
        await using var stage = await new MinerStage(options => options.MaxLoadedModels = 1, backend).StartAsync();
        foreach (var model in new[] { "a", "b", "b", "c" })
        {
            var job = await stage.Pool.StoreJobAsync(model, "x"u8.ToArray(), jobType: "text");
            await stage.Pool.AnnounceAsync(job);
            await stage.Pool.ExpectAsync<Snapshots.ProofSnapshot>(proof => proof.JobCid == job.Cid);
        }

        Assert.Equal(["run a", "unload a", "run b", "run b", "unload b", "run c"], backend.Story);
    }

    private sealed class UnloadingBackend : IInferenceBackend
    {
        private static readonly NumericClass Class = new(new string('c', 64), "test/1", "cpu", "fp32");

        public string? Stays { get; init; }

        public bool Throws { get; init; }

        public ConcurrentQueue<string> Story { get; } = new();

        public IEnumerable<string> Unloaded => Story.Where(static one => one.StartsWith("unload ", StringComparison.Ordinal)).Select(static one => one["unload ".Length..]);

        public bool CanUnload => true;

        public ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
        {
            if (model == Stays)
            {
                return Throws ? throw new InferenceException("it is stuck.") : new(false);
            }

            Story.Enqueue($"unload {model}");
            return new(true);
        }

        public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => new(new BackendDescription(
            [.. new[] { "a", "b", "c" }.Select(static name => new ModelDescription(name, Class.ModelSha256, ["text"]))], [new DeviceDescription("cpu", "Test CPU", 0)]));

        public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

        public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
        {
            Story.Enqueue($"run {request.Model}");
            return new(new InferenceResult("done"u8.ToArray(), Class, null));
        }

        public ValueTask DisposeAsync() => default;
    }
}
