using System.Text.Json.Nodes;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>A models folder that lives as long as a test.</summary>
internal sealed class TempModels : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("swarmpool-onnx-").FullName;

    /// <summary>A copy of the digits model, its model.json changed.</summary>
    public TempModels AddDigits(string folder, Action<JsonObject>? change = null)
    {
        var source = Path.Combine(Places.Models, "digits");
        var target = Directory.CreateDirectory(Path.Combine(Folder, folder)).FullName;
        File.Copy(Path.Combine(source, "digits.onnx"), Path.Combine(target, "digits.onnx"));
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "model.json")))!.AsObject();
        change?.Invoke(manifest);
        File.WriteAllText(Path.Combine(target, "model.json"), manifest.ToJsonString());
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
