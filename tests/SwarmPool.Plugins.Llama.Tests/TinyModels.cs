using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SwarmPool.Plugins.Llama.Tests;

/// <summary>A models folder that lives as long as a test.</summary>
internal sealed class TinyModels : IDisposable
{
    public const string Name = "tiny";
    public const string ChatTemplate = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}";

    public string Folder { get; } = Directory.CreateTempSubdirectory("swarmpool-llama-").FullName;

    /// <summary>Adds a model folder.</summary>
    /// <param name="folder">Its name, and the model's unless the manifest is changed.</param>
    /// <param name="bytes">The file; null for a whole model.</param>
    /// <param name="change">Changes model.json, which fits the file.</param>
    public TinyModels Add(string folder = Name, byte[]? bytes = null, Action<JsonObject>? change = null)
    {
        bytes ??= new GgufWriter { Template = ChatTemplate }.Write();
        var target = Directory.CreateDirectory(Path.Combine(Folder, folder)).FullName;
        File.WriteAllBytes(Path.Combine(target, "tiny.gguf"), bytes);
        var manifest = new JsonObject
        {
            ["name"] = folder,
            ["file"] = "tiny.gguf",
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            ["job_types"] = new JsonArray("text-generation", "text-embedding"),
            ["precision"] = "fp32",
        };
        change?.Invoke(manifest);
        File.WriteAllText(Path.Combine(target, "model.json"), manifest.ToJsonString());
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
