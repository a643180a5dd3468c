namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>The manifests that docs/onnx.md shows, by their names: what it shows is what works.</summary>
internal static class DocumentExamples
{
    public static string Read(string name)
    {
        var page = File.ReadAllText(Path.Combine(Places.Root, "docs", "onnx.md"));
        return page.Split("```json").Skip(1).Select(static part => part.Split("```")[0]).Single(json => json.Contains($"\"name\": \"{name}\"", StringComparison.Ordinal));
    }
}
