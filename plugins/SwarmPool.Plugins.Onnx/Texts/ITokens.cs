using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>Turns a text into token ids, those that stand before and after it included. Thread-safe once it is loaded.</summary>
internal interface ITokens
{
    /// <summary>What fills the places after the text.</summary>
    int Pad { get; }

    /// <exception cref="InferenceException">A file is not what it has to be.</exception>
    void Load();

    /// <summary>The ids before the text, of it, and after it.</summary>
    (IReadOnlyList<int> Before, IReadOnlyList<int> Text, IReadOnlyList<int> After) Encode(string text);

    /// <summary>The text that ids spell.</summary>
    /// <exception cref="InferenceException">An id is none.</exception>
    string Decode(IReadOnlyList<int> ids);
}
