using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Packs;

/// <summary>
/// A model by its bytes: the files of a model folder, a backend's own manifest among them, and what is to be known of them. Its canonical form is
/// a content, and that content's CID names the model (<see cref="ModelPackCodec"/>).
/// </summary>
/// <remarks>Immutable. What <see cref="ModelPackCodec.TryDecode"/> gives keeps to all of the format's limits.</remarks>
public sealed record ModelPack
{
    /// <summary>The model's name as its backend has it; 1 to 128 characters of a-z, A-Z, 0-9, '-', '_', '.', '/', ':'.</summary>
    public required string Name { get; init; }

    /// <summary>The files, 1 to 4,096, in the order of their paths.</summary>
    public required IReadOnlyList<PackFile> Files { get; init; }

    /// <summary>The path of the tokenizer's file; null when nothing is said.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The path of the chat template's file; null when nothing is said.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>How the weights are quantised, e.g. "Q4_K_M"; null when nothing is said.</summary>
    public string? Quantization { get; init; }

    /// <summary>What proofs say of a run of it; null when nothing is said.</summary>
    public PackClass? NumericClass { get; init; }

    /// <summary>How far two honest outputs may differ; null when nothing is said.</summary>
    public PackTolerance? Tolerance { get; init; }

    /// <summary>Inputs with the outputs that the model gives; at most 64.</summary>
    public IReadOnlyList<GoldenVector> GoldenVectors { get; init; } = [];

    /// <summary>The licence, an SPDX expression, e.g. "Apache-2.0"; null when nothing is said.</summary>
    public string? License { get; init; }

    /// <summary>What a run may be worth; nobody is bound by it. Null when nothing is said.</summary>
    public PriceHints? Prices { get; init; }

    /// <summary>Bytes of all files together.</summary>
    public long TotalBytes => Files.Sum(static file => file.Size);

    /// <summary>
    /// What a proof's <c>model_sha256</c> can be: what <see cref="NumericClass"/> says where it says something, else the hashes of the files; in order, each
    /// once.
    /// </summary>
    public IReadOnlyList<string> ModelHashes => NumericClass?.ModelSha256 is { } stated
        ? [stated]
        : [.. Files.Select(static file => file.Sha256).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether a proof's <c>model_sha256</c> can be this pack's: one of <see cref="ModelHashes"/>.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    public bool HasModel(string sha256) => ModelHashes.Contains(sha256, StringComparer.Ordinal);
}

/// <summary>A file of a pack.</summary>
/// <param name="Path">Where it lies in the folder, with '/'; it leads nowhere else on any system.</param>
/// <param name="Cid">Its content; of a file larger than <see cref="ChunkList.ChunkBytes"/> its chunk list.</param>
/// <param name="Size">Its bytes, 0 to 2^40.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hex.</param>
public sealed record PackFile(string Path, Cid Cid, long Size, string Sha256);

/// <summary>The numeric class of a model's runs, or a part of it: what proofs name in their metrics.</summary>
/// <param name="ModelSha256">SHA-256 of all of the model, as its backend states it; null when nothing is said.</param>
/// <param name="Runtime">E.g. "onnxruntime/1.31.1".</param>
/// <param name="Device">E.g. "cpu".</param>
/// <param name="Precision">E.g. "fp32".</param>
public sealed record PackClass(string? ModelSha256, string? Runtime, string? Device, string? Precision);

/// <summary>How far two honest outputs may differ: not at all when nothing is stated.</summary>
/// <param name="Absolute">What two numbers may always differ by, a decimal like "0.02"; null: nothing.</param>
/// <param name="Relative">What they may differ by beyond that, as a part of the greater one's size; null: nothing.</param>
public sealed record PackTolerance(string? Absolute, string? Relative)
{
    /// <summary>How many of the first labels have to be the same, in any order, 1 to 1,000; null: the first.</summary>
    public int? Top { get; init; }

    /// <summary>How far below 1 the cosine of two vectors may be, a decimal like "0.0001"; null: vectors are compared number by number.</summary>
    public string? Cosine { get; init; }

    /// <summary>How much of their union two boxes have to share, a decimal like "0.9"; null: their edges are compared as numbers.</summary>
    public string? Overlap { get; init; }

    /// <summary>What of a text counts: "exact", "spaces" (not how it is spaced) or "caseless" (neither that nor its case); null: "exact".</summary>
    public string? Text { get; init; }

    /// <summary>Byte for byte the same.</summary>
    public bool IsExact => Absolute is null && Relative is null && Top is null && Cosine is null && Overlap is null && Text is null;
}

/// <summary>An input and what the model makes of it; both are files of the pack.</summary>
/// <param name="JobType">The kind of job.</param>
/// <param name="Input">The input's path.</param>
/// <param name="Output">The output's path.</param>
public sealed record GoldenVector(string JobType, string Input, string Output);

/// <summary>Prices in USDC that the maker of a pack holds fair; each may be null.</summary>
/// <param name="PerJob">For a job.</param>
/// <param name="PerSecond">For a second.</param>
/// <param name="PerPicture">For a picture.</param>
/// <param name="PerMillionInputTokens">For a million tokens read.</param>
/// <param name="PerMillionOutputTokens">For a million tokens written.</param>
public sealed record PriceHints(Usdc? PerJob, Usdc? PerSecond, Usdc? PerPicture, Usdc? PerMillionInputTokens, Usdc? PerMillionOutputTokens);
