using System.Collections.Concurrent;
using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Inference;

namespace CustomBackend;

/// <summary>Runs a program for each job: the input is its stdin, the output its stdout.</summary>
/// <remarks>Thread-safe: each run is a process of its own; at most <see cref="ProgramOptions.MaxParallel"/> at a time.</remarks>
internal sealed class ProgramBackend(ProgramOptions options, string baseDirectory, TimeProvider time) : IInferenceBackend
{
    private readonly SemaphoreSlim places = new(options.MaxParallel);
    private readonly ConcurrentDictionary<FileStamp, string> hashes = new();
    private bool disposed;

    public async ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var models = new List<ModelDescription>();
        foreach (var (name, program) in options.Models.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            models.Add(new ModelDescription(name, await HashAsync(name, program, cancellationToken), [.. program.JobTypes]));
        }

        return new(models, [new DeviceDescription("cpu", Environment.MachineName, 0)]);
    }

    public async ValueTask LoadAsync(string model, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        await HashAsync(model, Program(model), cancellationToken);
    }

    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(disposed, this);
        var program = Program(request.Model);
        if (!program.JobTypes.Contains(request.JobType))
        {
            throw new InferenceException($"The model \"{request.Model}\" does {string.Join(", ", program.JobTypes)}, not \"{request.JobType}\".");
        }

        if (request.Input.Length > program.MaxInputBytes)
        {
            throw new InferenceException($"The input has {request.Input.Length} bytes; \"{request.Model}\" takes at most {program.MaxInputBytes} (max_input_bytes).");
        }

        await places.WaitAsync(cancellationToken);
        try
        {
            var sha256 = await HashAsync(request.Model, program, cancellationToken);
            var run = new ProgramRun(request.Model, PathOf(program.Executable), program, time);
            var output = await run.RunAsync(request.Input, progress, cancellationToken);
            return new(output, new NumericClass(sha256, "program/1.0", "cpu", "bytes"), Confidence: null);
        }
        finally
        {
            places.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return ValueTask.CompletedTask;
    }

    private ProgramModel Program(string model) => options.Models.TryGetValue(model, out var program)
        ? program
        : throw new InferenceException($"There is no model \"{model}\"; there are {string.Join(", ", options.Models.Keys.Order(StringComparer.Ordinal))}.");

    private string PathOf(string file) => Path.GetFullPath(file, baseDirectory);

    private async ValueTask<string> HashAsync(string model, ProgramModel program, CancellationToken cancellationToken)
    {
        var path = PathOf(program.ModelFile.Length > 0 ? program.ModelFile : program.Executable);
        try
        {
            // Weights may have gigabytes: they are read again only when it is another file, links followed, or has changed.
            var key = FileStamp.Of(path);
            if (key.IsYoung(time.GetUtcNow()) || !hashes.TryGetValue(key, out var hash))
            {
                await using var file = File.OpenRead(path);
                hash = hashes[key] = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            }

            return hash;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InferenceException($"The model \"{model}\" can't be used: {path} can't be read ({fault.Message}). Fix executable or model_file.", fault);
        }
    }
}
