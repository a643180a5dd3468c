using System.Text.Json.Serialization;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>The answers of the RPC, each with the fields that are read; others are passed over.</summary>
internal sealed record NodeIdentity(string? ID, string? AgentVersion, IReadOnlyList<string>? Addresses);

/// <summary><c>block/put</c>.</summary>
internal sealed record BlockKey(string? Key);

/// <summary><c>add</c>: a line for each file; the last one counts.</summary>
internal sealed record AddedFile(string? Hash);

/// <summary><c>pubsub/peers</c> and others.</summary>
internal sealed record StringList(IReadOnlyList<string>? Strings);

/// <summary>A line of <c>pubsub/sub</c>. <c>from</c> is plain, the rest multibase; an empty object only says that it is subscribed.</summary>
internal sealed record NodeMessage(
    [property: JsonPropertyName("from")] string? From,
    [property: JsonPropertyName("data")] string? Data,
    [property: JsonPropertyName("seqno")] string? SequenceNumber);

/// <summary><c>swarm/peers</c>.</summary>
internal sealed record SwarmPeers(IReadOnlyList<SwarmPeer>? Peers);

/// <summary>One of <see cref="SwarmPeers"/>.</summary>
internal sealed record SwarmPeer(string? Peer);

/// <summary><c>files/ls</c>.</summary>
internal sealed record FileList(IReadOnlyList<FileEntry>? Entries);

/// <summary>One of <see cref="FileList"/>.</summary>
internal sealed record FileEntry(string? Name, string? Hash);

/// <summary><c>files/stat</c>.</summary>
internal sealed record FileStat(string? Hash);

/// <summary><c>key/list</c>.</summary>
internal sealed record KeyList(IReadOnlyList<KeyEntry>? Keys);

/// <summary>One of <see cref="KeyList"/>; also the answer of <c>key/gen</c>.</summary>
internal sealed record KeyEntry(string? Name, string? Id);

/// <summary><c>name/publish</c>.</summary>
internal sealed record PublishedName(string? Name, string? Value);

/// <summary><c>resolve</c>.</summary>
internal sealed record ResolvedPath(string? Path);

/// <summary>An error in JSON.</summary>
internal sealed record NodeError(string? Message);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = false, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(NodeIdentity))]
[JsonSerializable(typeof(BlockKey))]
[JsonSerializable(typeof(AddedFile))]
[JsonSerializable(typeof(StringList))]
[JsonSerializable(typeof(NodeMessage))]
[JsonSerializable(typeof(SwarmPeers))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(FileStat))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(KeyEntry))]
[JsonSerializable(typeof(PublishedName))]
[JsonSerializable(typeof(ResolvedPath))]
[JsonSerializable(typeof(NodeError))]
internal sealed partial class AnswerJson : JsonSerializerContext;
