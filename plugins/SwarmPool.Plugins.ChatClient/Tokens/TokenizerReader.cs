using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using SwarmPool.Files;
using SwarmPool.Plugins.ChatClient.Models;

namespace SwarmPool.Plugins.ChatClient.Tokens;

/// <summary>Reads a manifest's <c>tokenizer</c>: its kind, and its files with their hashes.</summary>
internal static partial class TokenizerReader
{
    private const int MaxFileBytes = 64 * 1024 * 1024;

    /// <summary>The counter; null when a problem was noted.</summary>
    public static TokenCounter? Read(ManifestObject reader, string folder)
    {
        var kind = reader.Choice("kind", "bpe", "sentencepiece", "tiktoken", "wordpiece");
        var vocabulary = ReadFile(reader, "vocab", folder);
        var merges = kind == "bpe" ? ReadFile(reader, "merges", folder) : null;
        reader.End();
        if (kind.Length == 0 || vocabulary is null || (kind == "bpe" && merges is null))
        {
            return null;
        }

        try
        {
            var counter = new TokenCounter(Make(kind, vocabulary, merges));
            _ = counter.Count("Some files fail only here: ä, 水, 🐝."); // What a library finds wrong is told at start, not with a job.
            return counter;
        }
        catch (Exception wrong)
        {
            // The library throws whatever its parser stumbles over.
            reader.Problem("vocab", $"is no {kind} tokenizer that can be read: {wrong.Message}");
            return null;
        }
    }

    private static Tokenizer Make(string kind, byte[] vocabulary, byte[]? merges)
    {
        using var first = new MemoryStream(vocabulary);
        using var second = new MemoryStream(merges ?? []);
        return kind switch
        {
            "sentencepiece" => SentencePieceTokenizer.Create(first, addBeginningOfSentence: false, addEndOfSentence: false),
            "tiktoken" => TiktokenTokenizer.Create(first, new RegexPreTokenizer(Words(), null), null),
            "wordpiece" => BertTokenizer.Create(first),
            _ => CodeGenTokenizer.Create(first, second, addPrefixSpace: false, addBeginOfSentence: false, addEndOfSentence: false),
        };
    }

    private static byte[]? ReadFile(ManifestObject reader, string key, string folder)
    {
        if (reader.Object(key) is not { } named)
        {
            return null;
        }

        var (file, sha256) = (named.Text("file"), named.Text("sha256", most: 64));
        named.End();
        if (file.Length == 0 || sha256.Length == 0)
        {
            return null;
        }

        if (file is "." or ".." || file.AsSpan().ContainsAny('/', '\\'))
        {
            named.Problem("file", "write the bare name of a file in this folder");
            return null;
        }

        try
        {
            var bytes = RegularFile.ReadAllBytes(Path.Combine(folder, file), MaxFileBytes, followsLinks: true);
            var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (found == sha256)
            {
                return bytes;
            }

            named.Problem("sha256", $"{file} has {found}; put the right file there, or correct this");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            named.Problem("file", fault.Message);
        }

        return null;
    }

    // How cl100k_base, and with it Llama 3 and Qwen, divide a text before they merge.
    [GeneratedRegex("""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
