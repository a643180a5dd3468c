using SwarmPool.Plugins.ChatClient.Upstream;

namespace SwarmPool.Plugins.ChatClient.Models;

/// <summary>Reads a manifest's <c>endpoint</c>: a server with its address and key, or a client in code.</summary>
internal static class EndpointReader
{
    /// <summary>The endpoint; null when a problem was noted.</summary>
    public static UpstreamEndpoint? Read(ManifestObject reader, string folder)
    {
        var kind = reader.Choice("kind", UpstreamEndpoint.OpenAi, UpstreamEndpoint.Ollama, UpstreamEndpoint.Code);
        if (kind.Length == 0)
        {
            return null; // Which keys it has depends on that.
        }

        var endpoint = kind == UpstreamEndpoint.Code ? ReadCode(reader) : ReadServer(reader, kind, folder);
        reader.End();
        return endpoint;
    }

    private static UpstreamEndpoint? ReadCode(ManifestObject reader)
    {
        var key = reader.Text("key", most: 128);
        return key.Length > 0 ? UpstreamEndpoint.InCode(key) : null;
    }

    private static UpstreamEndpoint? ReadServer(ManifestObject reader, string kind, string folder)
    {
        var model = reader.Text("model");
        var address = ReadAddress(reader);
        var (secret, isGood) = ReadSecret(reader, folder);
        return model.Length > 0 && address is not null && isGood ? UpstreamEndpoint.Server(kind, address, model, secret) : null;
    }

    private static Uri? ReadAddress(ManifestObject reader)
    {
        var text = reader.Text("url", most: 2048);
        if (text.Length == 0)
        {
            return null;
        }

        // The text is not shown: it may hold a password.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            reader.Problem("url", "write an address like http://127.0.0.1:8000/v1, without ? and #");
            return null;
        }

        if (address.UserInfo.Length > 0)
        {
            reader.Problem("url", "has a user or password in it; write the key into a file of its own and name that in api_key_file");
            return null;
        }

        return address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }

    private static (string? Secret, bool IsGood) ReadSecret(ManifestObject reader, string folder)
    {
        if (!reader.Has("api_key_file"))
        {
            return (null, true);
        }

        var file = reader.Text("api_key_file", most: 1024);
        if (file.Length == 0)
        {
            return (null, false);
        }

        try
        {
            var secret = SettingFile.FirstLine(Path.GetFullPath(file, folder), "api_key_file");
            if (secret.Length <= 4096 && secret.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
            {
                return (secret, true);
            }

            reader.Problem("api_key_file", "the file's first line is no key: write 1 to 4096 printable ASCII characters without blanks there");
        }
        catch (IOException fault)
        {
            reader.Problem("api_key_file", $"{fault.Message} Write the key as its first line.");
        }

        return (null, false);
    }
}
