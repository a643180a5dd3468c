using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Verification;
using TestPlugins.OtherMajor;

[assembly: SwarmPoolPlugin(typeof(OtherMajorPlugin))]

namespace TestPlugins.OtherMajor;

/// <summary>Runs beside the good plugin on another major version of the same library.</summary>
public sealed class OtherMajorPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.Fill<IProofVerifier>("Other major's verifier", _ => new OtherMajorVerifier());
}

internal sealed class OtherMajorVerifier : IProofVerifier
{
    /// <summary>Where the library came from that it runs on.</summary>
    public string Name { get; } = $"json {typeof(Newtonsoft.Json.JsonConvert).Assembly.GetName().Version?.Major} of {Path.GetFileName(Path.GetDirectoryName(typeof(Newtonsoft.Json.JsonConvert).Assembly.Location))}";

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This verifier is only ever composed.");
}
