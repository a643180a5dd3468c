using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Keys.Remote;

namespace SwarmPool.Runtime.Tests.Keys;

public sealed class SignerMessagesTests
{
    /// <summary>A signer that is another program is asked with the whole text: it can judge what it grants.</summary>
    [Fact]
    public void A_remote_signer_is_shown_the_text_that_is_signed()
    {
        var text = SnapshotCodec.SigningText(ExampleSnapshots.Delegation);
        var line = Encoding.UTF8.GetString(SignerMessages.AskSignature(7, ExampleSnapshots.Delegation.Key, text));
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.Equal(Encoding.UTF8.GetString(text), JsonNode.Parse(line)!["text"]!.GetValue<string>());
    }
}
