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

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "wrong checksum")]
    [InlineData("0x0000000000000000000000000000000000000000", "is not an address")]
    [InlineData("alice", "is not an address")]
    public void An_account_that_a_signer_says_wrongly_is_not_taken(string account, string problem) => Assert.Contains(
        problem,
        Assert.Throws<InvalidDataException>(() => SignerMessages.ReadAccount(Encoding.UTF8.GetBytes($$"""{"id":7,"account":"{{account}}"}"""), 7)).Message,
        StringComparison.Ordinal);
}
