using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;
using SwarmPool.Plugins.Onnx.Postprocessing;
using SwarmPool.Plugins.Onnx.Preprocessing;

namespace SwarmPool.Plugins.Onnx.Steps;

/// <summary>The kinds of steps by name: this plugin's, and those that other plugins added.</summary>
internal sealed class StepKinds
{
    private readonly SortedDictionary<string, IPreprocessorKind> preprocessors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IPostprocessorKind> postprocessors = new(StringComparer.Ordinal);

    /// <exception cref="InferenceException">Two have one name, or a name is none.</exception>
    public StepKinds(IEnumerable<IPreprocessorKind> morePreprocessors, IEnumerable<IPostprocessorKind> morePostprocessors)
    {
        foreach (var kind in Preprocessors.Kinds.Concat(morePreprocessors))
        {
            Add(preprocessors, kind.Kind, kind);
        }

        foreach (var kind in Postprocessors.Kinds.Concat(morePostprocessors))
        {
            Add(postprocessors, kind.Kind, kind);
        }
    }

    public IPreprocessor? ReadPreprocessor(ManifestReader reader) => Read(reader, preprocessors, static (kind, from) => kind.Make(from));

    public IPostprocessor? ReadPostprocessor(ManifestReader reader) => Read(reader, postprocessors, static (kind, from) => kind.Make(from));

    private static TStep? Read<TKind, TStep>(ManifestReader reader, SortedDictionary<string, TKind> kinds, Func<TKind, ManifestReader, TStep> make)
        where TStep : class
    {
        if (!kinds.TryGetValue(reader.Choice("kind", null, [.. kinds.Keys]), out var kind))
        {
            return null;
        }

        var made = make(kind, reader);
        reader.End();
        return made;
    }

    private static void Add<TKind>(SortedDictionary<string, TKind> kinds, string name, TKind kind)
        where TKind : notnull
    {
        if (name is not { Length: > 0 and <= 64 } || name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"))
        {
            throw new InferenceException($"{kind.GetType()} calls its step \"{name}\"; a name is 1 to 64 of a-z, 0-9 and -. Correct or remove the plugin that adds it.");
        }

        if (!kinds.TryAdd(name, kind))
        {
            throw new InferenceException($"{kind.GetType()} calls its step \"{name}\", as {kinds[name].GetType()} does. Correct or remove the plugin that adds it.");
        }
    }
}
