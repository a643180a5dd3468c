namespace SwarmPool.ModelSteps;

/// <summary>
/// A step's part of a model's manifest. Reading notes what is wrong instead of stopping at it, so that an operator is told everything at once:
/// what is missing or wrong comes back as a harmless value, and the model is not used.
/// </summary>
/// <remarks>Not thread-safe; used while the manifest is read.</remarks>
public interface IStepParameters
{
    /// <summary>The model's inputs as the manifest declares them.</summary>
    IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>The model's outputs as the manifest declares them.</summary>
    IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Whether a key is there.</summary>
    /// <param name="key">The key.</param>
    bool Has(string key);

    /// <summary>A text of printable ASCII characters.</summary>
    /// <param name="key">The key.</param>
    /// <param name="most">The most characters, 1 or more.</param>
    /// <param name="otherwise">What is read when the key is missing; null makes it required.</param>
    string Text(string key, int most = 256, string? otherwise = null);

    /// <summary>One of several texts.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">What is read when the key is missing; null makes it required.</param>
    /// <param name="allowed">The texts.</param>
    string Choice(string key, string? otherwise, params ReadOnlySpan<string> allowed);

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    /// <param name="otherwise">What is read when the key is missing; null makes it required.</param>
    int Integer(string key, int least, int most, int? otherwise = null);

    /// <summary>A number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    /// <param name="otherwise">What is read when the key is missing; null makes it required.</param>
    double Number(string key, double least, double most, double? otherwise = null);

    /// <summary>A list of numbers; empty, which is no problem, when the key is missing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    /// <param name="entries">The most entries.</param>
    IReadOnlyList<double> Numbers(string key, double least, double most, int entries);

    /// <summary>A truth value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">What is read when the key is missing.</param>
    bool Flag(string key, bool otherwise);

    /// <summary>A list of different texts of printable ASCII characters, 128 each; required.</summary>
    /// <param name="key">The key.</param>
    /// <param name="most">The most entries.</param>
    IReadOnlyList<string> Texts(string key, int most);

    /// <summary>An inner object; null when it is missing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="optional">Whether it may be missing.</param>
    IStepParameters? Object(string key, bool optional = false);

    /// <summary>A file of the model's folder, by its name; the manifest's <c>files</c> has its hash. Null when it is missing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="optional">Whether it may be missing.</param>
    IStepFile? File(string key, bool optional = false);

    /// <summary>One of the model's inputs, by its name; null when it is missing or of another type.</summary>
    /// <param name="key">The key.</param>
    /// <param name="optional">Whether it may be missing.</param>
    /// <param name="types">What its elements may be; none for any type.</param>
    TensorSpec? Input(string key, bool optional = false, params ReadOnlySpan<TensorType> types);

    /// <summary>One of the model's outputs, by its name; null when it is missing or of another type.</summary>
    /// <param name="key">The key.</param>
    /// <param name="optional">Whether it may be missing.</param>
    /// <param name="types">What its elements may be; none for any type.</param>
    TensorSpec? Output(string key, bool optional = false, params ReadOnlySpan<TensorType> types);

    /// <summary>Notes that something is wrong.</summary>
    /// <param name="key">Where.</param>
    /// <param name="wanted">What to write there.</param>
    void Problem(string key, string wanted);
}

/// <summary>A file that a step reads: a vocabulary, labels. Thread-safe.</summary>
public interface IStepFile
{
    /// <summary>Its bare name.</summary>
    string Name { get; }

    /// <summary>Its bytes, which have the hash that the manifest says.</summary>
    /// <exception cref="Inference.InferenceException">It can't be read, or has changed.</exception>
    ReadOnlyMemory<byte> Read();
}
