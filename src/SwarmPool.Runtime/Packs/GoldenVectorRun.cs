using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Generation;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>Whether a backend gives what the golden vectors of a pack say: the pack's inputs are run, and the outputs compared as its <c>tolerance</c> allows.</summary>
/// <remarks>Thread-safe. A text job's tokens are chosen by the CID of the vector's input, since there is no job.</remarks>
public static class GoldenVectorRun
{
    private const int MostBytes = 64 * 1024 * 1024;

    // Loading a model is in the first of them.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs all vectors of a pack, one after the other, up to the first that the backend can't do at all.</summary>
    /// <param name="local">The pack; the vectors' files are checked by their hashes.</param>
    /// <param name="backend">Has a model of the pack's name.</param>
    /// <param name="time">The clock; a run that takes more than ten minutes is given up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>SP5241 for each vector whose output is another, with what was expected and what came; SP5204 for files that are not the pack's. None: all is right.</returns>
    public static async Task<IReadOnlyList<Refusal>> RunAsync(LocalPack local, IInferenceBackend backend, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(time);
        var refusals = new List<Refusal>();
        for (var i = 0; i < local.Pack.GoldenVectors.Count; i++)
        {
            var vector = local.Pack.GoldenVectors[i];
            var name = FormattableString.Invariant($"{local.Pack.Name}, golden vector {i + 1} ({vector.JobType}, {vector.Input})");
            try
            {
                var (input, expected) = (Read(local, vector.Input), Read(local, vector.Output));
                var got = await RunAsync(backend, new InferenceRequest(local.Pack.Name, vector.JobType, input), time, cancellationToken);
                if (OutputDifference.Of(expected, got.Output, local.Pack.Tolerance) is { } difference)
                {
                    refusals.Add(new Refusal(ErrorCodes.GoldenVectorFailed, $"{name}: {difference}{OtherClass(local.Pack.NumericClass, got.Class)}"));
                }
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                // A plugin may throw anything.
                var isOwn = fault is SwarmPoolException { Code: ErrorCodes.PackFileDiffers };
                refusals.Add(new Refusal(isOwn ? ErrorCodes.PackFileDiffers : ErrorCodes.GoldenVectorFailed, $"{name}: {fault.Message}"));
                break;
            }
        }

        return refusals;
    }

    private static async Task<InferenceResult> RunAsync(IInferenceBackend backend, InferenceRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var run = ModelRun.RunAsync(backend, Cid.OfBlock(request.Input.Span), request, null, both.Token);
        try
        {
            return await run.WaitAsync(both.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new TimeoutException($"The run did not end within {Limit.TotalMinutes:0} minutes.", late);
        }
    }

    private static byte[] Read(LocalPack local, string path)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(Path.Combine(local.Folder, path), MostBytes);
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            throw new SwarmPoolException(ErrorCodes.PackFileDiffers, $"{path} can't be read: {fault.Message}", fault);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == local.Pack.Files.First(file => file.Path == path).Sha256
            ? bytes
            : throw new SwarmPoolException(ErrorCodes.PackFileDiffers, $"{path} is not the pack's.");
    }

    // Why the bits may well be others.
    private static string OtherClass(PackClass? stated, NumericClass run)
    {
        (string What, string? Pack, string Run)[] parts =
        [
            ("runtime", stated?.Runtime, run.Runtime),
            ("device", stated?.Device, run.Device),
            ("precision", stated?.Precision, run.Precision),
        ];
        var others = parts.Where(static part => part.Pack is not null && part.Pack != part.Run).Select(static part => $"{part.What} {part.Run}, not {part.Pack}").ToList();
        return others.Count > 0 ? $" The run was of another class than the pack states: {string.Join("; ", others)}." : "";
    }
}
