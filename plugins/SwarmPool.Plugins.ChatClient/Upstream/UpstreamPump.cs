using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>
/// Calls a library on a thread of the pool's, so that neither its blocking nor its deafness to cancellation holds whoever waits here. A call
/// that doesn't heed its end is left behind; its connection is closed.
/// </summary>
internal static class UpstreamPump
{
    private const int Ahead = 16;

    /// <summary>What the library streams. The run is disposed when the library has let go of it.</summary>
    public static async IAsyncEnumerable<T> StreamAsync<T>(UpstreamRun run, Func<CancellationToken, IAsyncEnumerable<T>> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        var pump = Task.Run(() => PumpAsync(open, channel.Writer, run.Ended), CancellationToken.None);
        try
        {
            while (await MoreAsync(channel.Reader, run, cancellationToken))
            {
                while (channel.Reader.TryRead(out var item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            run.Stop();
            _ = DisposeAfterAsync(pump, run);
        }
    }

    /// <summary>What the library returns. The run is disposed when the library has let go of it.</summary>
    public static async Task<T> CallAsync<T>(UpstreamRun run, Func<CancellationToken, Task<T>> call)
    {
        var called = Task.Run(() => call(run.Ended), CancellationToken.None);
        try
        {
            return await called.WaitAsync(run.Ended);
        }
        catch (Exception thrown)
        {
            throw run.Named(thrown);
        }
        finally
        {
            run.Stop();
            _ = DisposeAfterAsync(called, run);
        }
    }

    private static async Task PumpAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, ChannelWriter<T> writer, CancellationToken ended)
    {
        try
        {
            await foreach (var item in open(ended).WithCancellation(ended))
            {
                await writer.WriteAsync(item, ended);
            }

            writer.Complete();
        }
        catch (Exception thrown)
        {
            writer.Complete(thrown); // Thrown where the stream is read.
        }
    }

    private static async Task<bool> MoreAsync<T>(ChannelReader<T> reader, UpstreamRun run, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await reader.WaitToReadAsync(run.Ended);
        }
        catch (Exception thrown)
        {
            throw run.Named(thrown);
        }
    }

    private static async Task DisposeAfterAsync(Task task, UpstreamRun run)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What it threw was told, or came after the end.
        run.Dispose();
    }
}
