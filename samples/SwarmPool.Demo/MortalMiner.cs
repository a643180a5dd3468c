using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Inference;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Transport;

namespace SwarmPool.Demo;

/// <summary>
/// Makes a miner die in the middle of its second job, as a machine that loses its power does: the model never comes back,
/// and from that moment nothing of the miner reaches anybody.
/// </summary>
internal sealed class MortalMiner
{
    private readonly TaskCompletionSource struck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the miner has died.</summary>
    public Task Died => struck.Task;

    /// <summary>Puts the switch between the miner and what fills its slots.</summary>
    public void Wire(SwarmPoolBuilder builder)
    {
        Wrap<IInferenceBackend>(builder, inner => new DyingBackend(inner, this));
        Wrap<ITransport>(builder, inner => new CutTransport(inner, this));
    }

    private static void Wrap<TSlot>(SwarmPoolBuilder builder, Func<TSlot, TSlot> wrap)
        where TSlot : class
    {
        var filled = builder.Services.Last(service => service.ServiceType == typeof(TSlot));
        builder.Services.Remove(filled);
        builder.Services.AddSingleton(services => wrap((TSlot)filled.ImplementationFactory!(services)));
    }

    private sealed class DyingBackend(IInferenceBackend inner, MortalMiner miner) : IInferenceBackend
    {
        private const int LastRun = 2;
        private int runs;

        public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

        public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => inner.LoadAsync(model, cancellationToken);

        public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref runs) == LastRun)
            {
                miner.struck.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return await inner.RunAsync(request, progress, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class CutTransport(ITransport inner, MortalMiner miner) : ITransport, IPubSub
    {
        public IContentStore Content => inner.Content;

        public IPubSub PubSub => this;

        public int MaxMessageBytes => inner.PubSub.MaxMessageBytes;

        public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

        public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
            miner.struck.Task.IsCompleted ? default : inner.PubSub.PublishAsync(topic, payload, cancellationToken);

        public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) =>
            inner.PubSub.SubscribeAsync(topic, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
