using Microsoft.Extensions.Hosting;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

internal sealed class RecordingTransport(List<string> story, bool fails = false) : ITransport
{
    public IContentStore Content => throw new NotSupportedException();

    public IPubSub PubSub => throw new NotSupportedException();

    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (fails)
        {
            throw new TransportException(TransportFault.Unavailable, "nobody answers at the test's port.");
        }

        story.Add("transport starts");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        story.Add("transport disposed");
        return ValueTask.CompletedTask;
    }
}

internal sealed class RecordingRole(List<string> story) : IHostedService, IDisposable
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        story.Add("role starts");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        story.Add("role stops");
        return Task.CompletedTask;
    }

    public void Dispose() => story.Add("role disposed");
}
