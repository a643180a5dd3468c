namespace SwarmPool.Inference;

/// <summary>
/// A language model by its tokens: what it takes a text to be, and how likely it finds each next token. It chooses none: whoever
/// uses it does, by rules that others can repeat.
/// </summary>
/// <remarks>
/// Thread-safe. Tokens are numbers from 0 to below <see cref="TokenModelDescription.VocabularySize"/>. A prompt appended whole and then
/// tokens one by one give the same logits, bit for bit, whoever else uses the model meanwhile and whatever it was used for before;
/// <see cref="ScoreAsync"/>, which computes many places at once, may differ from that in the last bits. A wrong token, or too many,
/// is an <see cref="InferenceException"/>, and does no harm.
/// </remarks>
public interface ITokenModel
{
    /// <summary>What is fixed about the model. Answers at once; the same for ever.</summary>
    TokenModelDescription Description { get; }

    /// <summary>The tokens of a prompt, those included that the model wants at a text's beginning and that its template adds.</summary>
    /// <param name="prompt">A text or messages, from a stranger.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The tokens; also more than fit into the context.</returns>
    /// <exception cref="InferenceException">The model takes no such prompt: no messages, for want of a template; a role that it doesn't know; a message that spells one of its control tokens.</exception>
    ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken);

    /// <summary>
    /// The bytes of a token in an answer; none for a control token. A text is the bytes of its tokens one behind the other,
    /// whatever stands beside them; a character may begin in one token and end in another. Answers at once.
    /// </summary>
    /// <exception cref="InferenceException">There is no such token.</exception>
    ReadOnlyMemory<byte> BytesOf(int token);

    /// <summary>Begins an empty sequence. Waits while as many are under way as the backend allows.</summary>
    ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken);

    /// <summary>
    /// How likely the model finds each of the given tokens where it stands, in one pass over prompt and given tokens: for each of
    /// <paramref name="given"/>, in order, the logits of all tokens at its place, which the ones before it, given or not, led to.
    /// </summary>
    /// <param name="prompt">What stands before; at least one token.</param>
    /// <param name="given">What was answered; at least one token. Together no more than fit into the context.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>As many items as <paramref name="given"/> has, each of the vocabulary's size and readable until the next is asked for.</returns>
    /// <exception cref="InferenceException">A token is none, or they are too many or too few; or the run failed.</exception>
    IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, CancellationToken cancellationToken);
}

/// <summary>A text that grows: what was said so far, and what may come next.</summary>
/// <remarks>One call at a time. After a call that failed or was cancelled it can only be disposed of. Disposing makes room for another.</remarks>
public interface ITokenSequence : IAsyncDisposable
{
    /// <summary>How many tokens it has.</summary>
    int Length { get; }

    /// <summary>Puts tokens behind those that it has.</summary>
    /// <param name="tokens">At least one, and no more than still fit into the context.</param>
    /// <param name="cancellationToken">Ends it, within the computation of a token.</param>
    /// <returns>The logits of the next token, one a token of the vocabulary, as the model gives them; readable until the next call.</returns>
    /// <exception cref="InferenceException">A token is none, or they don't fit; or the run failed.</exception>
    ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken);
}

/// <summary>What is fixed about a token model.</summary>
/// <param name="Class">What kind of arithmetic makes its logits.</param>
/// <param name="VocabularySize">How many tokens there are; at least 1.</param>
/// <param name="ContextLength">The most tokens of a sequence, prompt and answer together; at least 1.</param>
/// <param name="EndTokens">The tokens that end an answer; may be empty.</param>
/// <param name="TakesMessages">Whether a prompt may be messages: the model has a template for them.</param>
public sealed record TokenModelDescription(
    NumericClass Class, int VocabularySize, int ContextLength, IReadOnlyCollection<int> EndTokens, bool TakesMessages);

/// <summary>What a model is to go on from: a text as it is, or messages, which its template makes a text of.</summary>
public sealed record TokenPrompt
{
    private TokenPrompt(string? text, IReadOnlyList<PromptMessage> messages)
    {
        Text = text;
        Messages = messages;
    }

    /// <summary>The text; null for messages. In it nothing is a control token, whatever it spells.</summary>
    public string? Text { get; }

    /// <summary>The messages; empty for a text.</summary>
    public IReadOnlyList<PromptMessage> Messages { get; }

    /// <summary>A text, which the model goes on with.</summary>
    public static TokenPrompt OfText(string text) => new(text ?? throw new ArgumentNullException(nameof(text)), []);

    /// <summary>Messages, which the model answers.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TokenPrompt OfMessages(IReadOnlyList<PromptMessage> messages) =>
        messages is { Count: > 0 } ? new(null, messages) : throw new ArgumentException("A conversation has at least one message.", nameof(messages));
}

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Whose it is, e.g. "system", "user" or "assistant".</param>
/// <param name="Content">What it says.</param>
public sealed record PromptMessage(string Role, string Content);
