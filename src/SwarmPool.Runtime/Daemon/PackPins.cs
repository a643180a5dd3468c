using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Runtime.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon;

/// <summary>
/// Keeps the packs that the pool binds models to: their manifests, and their files where it is asked to. What can't be had is tried again. Nothing is let go
/// of: the store's owner may have published the pack itself.
/// </summary>
internal sealed class PackPins(BoundPacks packs, PackContents contents, PinManager pins, bool withFiles, TimeProvider time, ILogger<PackPins> logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(IReadOnlyList<PoolModel>? models, CancellationToken cancellationToken)
    {
        var left = (models ?? []).Select(static one => one.PackCid).Distinct().ToList();
        while (true)
        {
            foreach (var cid in left.ToList())
            {
                if (await TryPinAsync(cid, cancellationToken))
                {
                    left.Remove(cid);
                }
            }

            await Task.Delay(left.Count > 0 ? Again : Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
    }

    private async ValueTask<bool> TryPinAsync(Cid cid, CancellationToken cancellationToken)
    {
        var (pack, refusal) = await packs.TryReadAsync(cid, cancellationToken);
        try
        {
            if (pack is not null)
            {
                await pins.PinAsync([cid], cancellationToken);
                await PinFilesAsync(withFiles ? pack.Files : [], cancellationToken);
                return true;
            }
        }
        catch (SwarmPoolException unavailable)
        {
            refusal = new Refusal(unavailable.Code, unavailable.Message);
        }

        DaemonLog.PackNotPinned(logger, cid.ToString(), refusal!.ToString());
        return false;
    }

    private async ValueTask PinFilesAsync(IReadOnlyList<PackFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            await foreach (var one in contents.OfAsync(file, cancellationToken))
            {
                await pins.PinAsync([one.Cid], cancellationToken);
            }
        }
    }
}
