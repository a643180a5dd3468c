using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Miner;

public sealed class MinerOfferTests
{
    [Theory]
    [InlineData("digits-61", " By digits-61, did you mean digits-16?")]
    [InlineData("whisper", "digits-16, silero-vad. Add the model")]
    public async Task A_model_that_the_backend_does_not_have_is_told_with_the_one_that_was_meant(string model, string said)
    {
        var wrong = await Assert.ThrowsAsync<SwarmPoolException>(() =>
            MinerOffer.MakeAsync(new MinerOptions { Models = [model, "silero-vad"] }, new FakeBackend("digits-16", "silero-vad"), null, NullLogger.Instance, CancellationToken.None));
        Assert.Equal(ErrorCodes.InferenceUnusable, wrong.Code);
        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("By silero-vad", wrong.Message, StringComparison.Ordinal);
    }
}
