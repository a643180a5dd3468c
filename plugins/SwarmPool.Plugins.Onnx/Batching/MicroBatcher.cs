using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Batching;

/// <summary>
/// Gathers the inputs of one model that come within a short time and are of one shape, and lets them be run at once. An input waits at most for that time, less
/// when so many are there that a batch is full.
/// </summary>
/// <remarks>Thread-safe. What fails together is run again, each alone, so that one input does no harm to another.</remarks>
/// <param name="size">The most inputs of a batch.</param>
/// <param name="budget">How long the first of a batch waits for others.</param>
/// <param name="time">The clock.</param>
/// <param name="run">Runs some inputs at once; the outputs of each, in order.</param>
internal sealed class MicroBatcher(
    int size, TimeSpan budget, TimeProvider time, Func<IReadOnlyList<IReadOnlyDictionary<string, ModelTensor>>, CancellationToken, Task<IReadOnlyList<IReadOnlyDictionary<string, ModelTensor>>>> run)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Batch> gathering = new(StringComparer.Ordinal);

    /// <summary>The outputs for one input.</summary>
    /// <param name="inputs">Tensors with the same first dimension.</param>
    /// <param name="cancellationToken">Leaves the batch, at once; the others go on.</param>
    public async Task<IReadOnlyDictionary<string, ModelTensor>> RunAsync(IReadOnlyDictionary<string, ModelTensor> inputs, CancellationToken cancellationToken)
    {
        var item = new Item(inputs, cancellationToken);
        var key = TensorBatch.KeyOf(inputs);
        Batch? full = null;
        lock (gate)
        {
            if (!gathering.TryGetValue(key, out var batch))
            {
                batch = new Batch(key);
                gathering.Add(key, batch);
                batch.Timer = time.CreateTimer(_ => TimeIsUp(batch), null, budget, Timeout.InfiniteTimeSpan);
            }

            batch.Items.Add(item);
            if (batch.Items.Count == size)
            {
                gathering.Remove(key);
                full = batch;
            }
        }

        if (full is not null)
        {
            Start(full);
        }

        return await item.Outputs.Task.WaitAsync(cancellationToken);
    }

    private void TimeIsUp(Batch batch)
    {
        lock (gate)
        {
            if (!gathering.TryGetValue(batch.Key, out var waiting) || waiting != batch)
            {
                return; // It is full, and under way.
            }

            gathering.Remove(batch.Key);
        }

        Start(batch);
    }

    private void Start(Batch batch)
    {
        batch.Timer!.Dispose();
        _ = Task.Run(() => RunAsync(batch.Items)); // All that happens in it is told to those who wait.
    }

    private async Task RunAsync(List<Item> items)
    {
        List<Item> left = [.. items.Where(static item => !item.Gone.IsCancellationRequested)];
        if (left.Count == 0)
        {
            return;
        }

        try
        {
            await RunTogetherAsync(left);
        }
        catch (Exception) when (left.Count > 1)
        {
            foreach (var item in left)
            {
                await RunAloneAsync(item);
            }
        }
        catch (Exception fault)
        {
            left[0].Outputs.TrySetException(fault);
        }
    }

    private async Task RunAloneAsync(Item item)
    {
        try
        {
            await RunTogetherAsync([item]);
        }
        catch (Exception fault)
        {
            item.Outputs.TrySetException(fault);
        }
    }

    private async Task RunTogetherAsync(IReadOnlyList<Item> items)
    {
        using var everyoneIsGone = new CancellationTokenSource();
        var left = items.Count;
        var leaving = items.Select(item => item.Gone.Register(() =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                everyoneIsGone.Cancel();
            }
        })).ToList();
        try
        {
            var outputs = await run([.. items.Select(static item => item.Inputs)], everyoneIsGone.Token);
            for (var i = 0; i < items.Count; i++)
            {
                items[i].Outputs.TrySetResult(outputs[i]);
            }
        }
        finally
        {
            leaving.ForEach(static one => one.Dispose());
        }
    }

    private sealed class Batch(string key)
    {
        public string Key => key;

        public List<Item> Items { get; } = [];

        public ITimer? Timer { get; set; }
    }

    private sealed record Item(IReadOnlyDictionary<string, ModelTensor> Inputs, CancellationToken Gone)
    {
        public TaskCompletionSource<IReadOnlyDictionary<string, ModelTensor>> Outputs { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
