using SwarmPool.TestSigner;

// SwarmPool.TestSigner MODE KEYFILE: answers each line on standard input with one on standard output.
using var answers = new SignerAnswers(args[0], args[1]);
while (await Console.In.ReadLineAsync() is { } request)
{
    await Console.Out.WriteAsync(await answers.ToAsync(request) ?? "");
    await Console.Out.FlushAsync();
}
