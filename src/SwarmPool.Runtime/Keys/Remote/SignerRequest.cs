using System.Text.Json.Serialization;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>Writes what a remote signer is asked.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SignerRequest : JsonSerializerContext;
