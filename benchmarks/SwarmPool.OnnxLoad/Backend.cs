using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Inference;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Onnx;

namespace SwarmPool.OnnxLoad;

/// <summary>The backend over one model, as a program composes it.</summary>
internal sealed class Backend : ISwarmPoolBuilder, IAsyncDisposable
{
    private const string Name = "layers";
    private const string JobType = "numbers";

    private readonly HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);
    private readonly DirectoryInfo models = Directory.CreateTempSubdirectory("swarmpool-onnx-load-");
    private readonly IInferenceBackend backend;

    public Backend(byte[] model, int batch)
    {
        var folder = models.CreateSubdirectory(Name).FullName;
        File.WriteAllBytes(Path.Combine(folder, "m.onnx"), model);
        File.WriteAllText(Path.Combine(folder, "model.json"), $$"""
            {"name":"{{Name}}","file":"m.onnx","sha256":"{{Convert.ToHexStringLower(SHA256.HashData(model))}}","job_types":["{{JobType}}"],
             "inputs":[{"name":"x","type":"float32","shape":["n",{{Layers.Width}}]}],"outputs":[{"name":"y","type":"float32","shape":["n",{{Layers.Width}}]}],
             "preprocess":{"kind":"safetensors"},"runner":{"kind":"single","batch":true},"postprocess":{"kind":"safetensors"} }
            """);
        Services.AddLogging();
        this.UseOnnx(options =>
        {
            options.Models = models.FullName;
            options.Device = OnnxDevice.Cpu;
            options.BatchMilliseconds = 50;
            options.BatchSize = batch;
        });
        backend = host.Build().Services.GetRequiredService<IInferenceBackend>();
    }

    public IServiceCollection Services => host.Services;

    public IConfiguration Configuration => host.Configuration;

    public string BaseDirectory => models.FullName;

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        Services.AddSingleton(factory);
        return this;
    }

    /// <summary>One input as a job has it.</summary>
    public static byte[] Input(ReadOnlySpan<float> numbers)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"x":{"dtype":"F32","shape":[1,{{numbers.Length}}],"data_offsets":[0,{{numbers.Length * 4}}]} }""");
        var bytes = new byte[8 + header.Length + (numbers.Length * 4)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, 8);
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 + header.Length + (i * 4)), numbers[i]);
        }

        return bytes;
    }

    public async Task<ReadOnlyMemory<byte>> RunAsync(byte[] input) => (await backend.RunAsync(new InferenceRequest(Name, JobType, input), null, CancellationToken.None)).Output;

    public async ValueTask DisposeAsync()
    {
        await backend.DisposeAsync();
        models.Delete(recursive: true);
    }
}
