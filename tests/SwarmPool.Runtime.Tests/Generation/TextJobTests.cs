using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Generation;

namespace SwarmPool.Runtime.Tests.Generation;

public sealed class TextJobTests
{
    [Fact]
    public void What_is_left_out_has_a_default()
    {
        var job = Read("""{"prompt":"Once"}""");
        Assert.Equal(("Once", null), (job.Prompt.Text, job.MaxTokens));
        Assert.Equal(new SamplerSettings(), job.Sampling);
        Assert.Empty(job.Stop);
    }

    [Fact]
    public void All_of_it_is_read()
    {
        var job = Read("""
            {"messages":[{"role":"system","content":"Be short."},{"content":"Hi","role":"user"}],"max_tokens":7,"temperature":0.75,"top_k":40,"top_p":"0.9",
             "repetition_penalty":1.125,"presence_penalty":-0.5,"frequency_penalty":"0.25","stop":["\n","END"]}
            """);
        Assert.Equal(["system: Be short.", "user: Hi"], job.Prompt.Messages.Select(static message => $"{message.Role}: {message.Content}"));
        Assert.Null(job.Prompt.Text);
        Assert.Equal(7, job.MaxTokens);
        Assert.Equal(
            new SamplerSettings { Temperature = 0.75, TopK = 40, TopP = 0.9, RepetitionPenalty = 1.125, PresencePenalty = -0.5, FrequencyPenalty = 0.25 }, job.Sampling);
        Assert.Equal(["\n", "END"], job.Stop);
        Assert.Equal(["."], Read("""{"prompt":"a","stop":"."}""").Stop);
    }

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("[]", "it is no object")]
    [InlineData("{}", "write either prompt, a text, or messages, a list")]
    [InlineData("""{"prompt":"a","messages":[]}""", "write either prompt")]
    [InlineData("""{"prompt":5}""", "prompt: write a text")]
    [InlineData("""{"messages":[]}""", "messages: write a list of 1 to 1024")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0]: write")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"tool","content":"a"}]}""", "messages[1]: write")]
    [InlineData("""{"messages":[{"role":"user","content":"a","name":"x"}]}""", "messages[0]: write")]
    [InlineData("""{"prompt":"a","max_tokens":0}""", "max_tokens: write a whole number from 1 to 1048576")]
    [InlineData("""{"prompt":"a","max_tokens":1.5}""", "max_tokens: write")]
    [InlineData("""{"prompt":"a","temperature":3}""", "temperature: 0, or 0.01 to 2 is allowed, not 3")]
    [InlineData("""{"prompt":"a","temperature":"hot"}""", "temperature: write a decimal number")]
    [InlineData("""{"prompt":"a","temperature":1e0}""", "temperature: write a decimal number")]
    [InlineData("""{"prompt":"a","top_p":0}""", "top_p: more than 0 to 1 is allowed, not 0")]
    [InlineData("""{"prompt":"a","top_k":65}""", "top_k: write a whole number from 1 to 64")]
    [InlineData("""{"prompt":"a","stop":[""]}""", "stop: write a text of 1 to 128 characters")]
    [InlineData("""{"prompt":"a","stop":5}""", "stop: write")]
    [InlineData("""{"prompt":"a","seed":1}""", "there is no key \"seed\"")]
    [InlineData("""{"prompt":"a","prompt":"b"}""", "it is not JSON")]
    [InlineData("""{"prompt":"\ud800"}""", "it is not JSON")]
    [InlineData("""{"prompt":"\u0000"}""", "it is not JSON")]
    public void What_is_wrong_is_refused_and_named(string input, string expected)
    {
        var refused = Assert.Throws<SwarmPoolException>(() => Read(input));
        Assert.Equal(ErrorCodes.TextInputInvalid, refused.Code);
        Assert.StartsWith("SP5103: The input of the text job can't be used: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var refused = Assert.Throws<SwarmPoolException>(static () => Read("""{"prompts":"a","top_k":0,"top_p":2,"max_tokens":"many"}"""));
        Assert.All(["prompt", "\"prompts\"", "top_k", "top_p", "max_tokens"], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    private static TextJob Read(string input) => TextJob.Read(Encoding.UTF8.GetBytes(input));
}
