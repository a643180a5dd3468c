using System.Text;
using LLama;
using LLama.Exceptions;
using LLama.Native;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Running;

/// <summary>A model's texts: the tokens of a prompt, by its tokenizer and its template, and the bytes of a token.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LlamaText
{
    private readonly SafeLlamaModelHandle model;
    private readonly byte[]?[] bytes;
    private readonly HashSet<int> ends;
    private readonly string? template;
    private readonly HashSet<Rune>? characters;
    private readonly int context;
    private readonly int longest;

    public LlamaText(SafeLlamaModelHandle model, int context)
    {
        this.model = model;
        this.context = context;
        bytes = new byte[]?[model.Vocab.Count];
        ends = [.. Enumerable.Range(0, bytes.Length).Where(token => ((LLamaToken)token).IsEndOfGeneration(model))];
        longest = Enumerable.Range(0, bytes.Length).Max(token => (int)model.TokenToSpan(token, [], special: true));
        characters = Characters();
        template = KnownTemplate();
    }

    public int VocabularySize => bytes.Length;

    public IReadOnlyCollection<int> EndTokens => ends;

    /// <summary>Whether the model has a template, and llama.cpp knows its kind.</summary>
    public bool HasTemplate => template is not null;

    /// <exception cref="InferenceException">There is no such token.</exception>
    public ReadOnlyMemory<byte> BytesOf(int token)
    {
        if (token < 0 || token >= bytes.Length)
        {
            throw new InferenceException($"There is no token {token}; the vocabulary has {bytes.Length}.");
        }

        return bytes[token] ??= ends.Contains(token) ? [] : Piece(token);
    }

    /// <exception cref="InferenceException">The model takes no such prompt.</exception>
    public ReadOnlyMemory<int> Encode(TokenPrompt prompt)
    {
        if (prompt.Text is { } plain)
        {
            return Tokens(plain, model.Vocab.ShouldAddBOS, control: false);
        }

        if (template is null)
        {
            throw new InferenceException("The model takes no messages: its file has no template, or none of a kind that llama.cpp knows. Send a prompt.");
        }

        foreach (var message in prompt.Messages)
        {
            // Else who writes a part of a conversation could write the other parts too.
            if (Array.Exists(Tokens(message.Content, atBeginning: false, control: true), token => ((LLamaToken)token).IsControl(model)))
            {
                throw new InferenceException("A message spells one of the model's control tokens. Take that out.");
            }
        }

        // A template may write the token that begins a text itself.
        var text = Apply(template, prompt.Messages);
        var begin = model.Vocab.BOS is { } token ? model.Vocab.LLamaTokenToString(token, isSpecialToken: true) : null;
        var isBegun = begin is { Length: > 0 } && text.StartsWith(begin, StringComparison.Ordinal);
        return Tokens(text, model.Vocab.ShouldAddBOS && !isBegun, control: true);
    }

    private int[] Tokens(string text, bool atBeginning, bool control)
    {
        // No token has more bytes, so that more text can't fit; splitting it could take long.
        var most = (long)context * Math.Max(1, longest);
        if (Encoding.UTF8.GetByteCount(text) > most)
        {
            throw new InferenceException($"A text of {Encoding.UTF8.GetByteCount(text)} bytes doesn't fit into the context of {context} tokens. Shorten it.");
        }

        if (characters is not null && text.EnumerateRunes().Append(new Rune(' ')).Any(rune => !characters.Contains(rune)))
        {
            var missing = text.EnumerateRunes().FirstOrDefault(rune => !characters.Contains(rune), new Rune(' '));
            throw new InferenceException($"The model's vocabulary has no token for U+{missing.Value:X4}. Take that character out.");
        }

        return [.. model.Tokenize(text, atBeginning, control, Encoding.UTF8).Select(static token => (int)token)];
    }

    /// <summary>
    /// The characters that can be split into tokens; null for all. A vocabulary in the manner of SentencePiece has a token for each byte, for
    /// what has none of its own; where one is missing, llama.cpp throws what ends the process.
    /// </summary>
    private HashSet<Rune>? Characters()
    {
        var all = Enumerable.Range(0, bytes.Length).Select(static token => (LLamaToken)token).ToList();
        if (model.Vocab.Type != LLamaVocabType.SentencePiece || all.Count(token => token.GetAttributes(model).HasFlag(LLamaTokenAttr.Byte)) == 256)
        {
            return null;
        }

        var known = new HashSet<Rune>();
        foreach (var piece in all.Where(token => !token.IsControl(model)).Select(token => Piece((int)token)))
        {
            if (Rune.DecodeFromUtf8(piece, out var rune, out var length) == System.Buffers.OperationStatus.Done && length == piece.Length)
            {
                known.Add(rune);
            }
        }

        return known;
    }

    private byte[] Piece(int token)
    {
        var piece = new byte[model.TokenToSpan(token, [])];
        model.TokenToSpan(token, piece);
        return piece;
    }

    private string? KnownTemplate()
    {
        if (model.GetTemplate(strict: false) is not { Length: > 0 } own)
        {
            return null;
        }

        try
        {
            // Its words are the model's to split too.
            return Tokens(Apply(own, [new PromptMessage("user", "")]), atBeginning: false, control: true).Length > 0 ? own : null;
        }
        catch (InferenceException)
        {
            return null; // Told to whoever sends messages.
        }
    }

    private static string Apply(string template, IReadOnlyList<PromptMessage> messages)
    {
        var applied = new LLamaTemplate(template) { AddAssistant = true };
        try
        {
            foreach (var message in messages)
            {
                applied.Add(message.Role, message.Content);
            }

            return LLamaTemplate.Encoding.GetString(applied.Apply());
        }
        catch (MissingTemplateException failure)
        {
            throw new InferenceException("llama.cpp doesn't know the kind of the model's template.", failure);
        }
    }
}
