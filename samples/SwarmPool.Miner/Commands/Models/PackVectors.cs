using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Inference;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Programs.Miner.Commands.Models;

/// <summary>Runs the golden vectors of packs by the backend that is configured.</summary>
internal static class PackVectors
{
    /// <summary>Runs a pack's vectors, if it has any, and shows what came of it.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static async Task<Refusal?> RunAsync(IServiceProvider services, LocalPack local, PackScreen screen, TimeProvider time, CancellationToken stop)
    {
        if (local.Pack.GoldenVectors.Count == 0)
        {
            return null;
        }

        if (services.GetService<IInferenceBackend>() is not { } backend)
        {
            screen.VectorsNotRun(local);
            return null;
        }

        var refusals = await GoldenVectorRun.RunAsync(local, backend, time, stop);
        screen.Vectors(local, refusals);
        return refusals.Count > 0 ? refusals[0] : null;
    }
}
