using System.Text;
using System.Text.Json;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.TestSigner;

/// <summary>What a remote signer says, by its mode. Ill behaviour begins with the first text that is no trial, but for "random", which is for the trial to find.</summary>
internal sealed class SignerAnswers(string mode, string keyFile) : IDisposable
{
    private const string Trial = "SwarmPool tries its signer.";

    private readonly PrivateKeySigner signer = KeyLoader.Load(new SignerOptions { KeyFile = keyFile }, "the test's signer");
    private int signed;

    /// <summary>The answer with its line end; null for none.</summary>
    public async Task<string?> ToAsync(string request)
    {
        using var document = JsonDocument.Parse(request);
        var id = document.RootElement.GetProperty("id").GetInt64();
        if (document.RootElement.GetProperty("method").GetString() == "account")
        {
            return Line(new { id, account = signer.Address.ToString() });
        }

        var text = document.RootElement.GetProperty("text").GetString()!;
        if (mode == "random" || !text.StartsWith(Trial, StringComparison.Ordinal))
        {
            switch (mode)
            {
                case "refuse":
                    return Line(new { id, refused = "no payouts on Sundays" });
                case "other-text":
                    text += " and more";
                    break;
                case "random" when signed++ % 2 == 1:
                    return Line(new { id, signature = "0x" + new string('1', 128) + "1b" });
                case "other-id":
                    return Line(new { id = id + 1, signature = await SignAsync(text) });
                case "garbage":
                    return "{\"id\":" + "\u0001}{\n";
                case "two-lines":
                    return Line(new { id, signature = await SignAsync(text) }) + "{}\n";
                case "long":
                    return new string('x', 1_000_000);
                case "silent":
                    return null;
                case "dies":
                    Environment.Exit(1);
                    break;
                case "dies-after":
                    var last = Line(new { id, signature = await SignAsync(text) });
                    await Console.Out.WriteAsync(last);
                    await Console.Out.FlushAsync();
                    Environment.Exit(0);
                    break;
            }
        }

        return Line(new { id, signature = await SignAsync(text) });
    }

    public void Dispose() => signer.Dispose();

    private async Task<string> SignAsync(string text) =>
        "0x" + Convert.ToHexStringLower((await signer.SignAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None)).Span);

    private static string Line(object answer) => JsonSerializer.Serialize(answer) + "\n";
}
