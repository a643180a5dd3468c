using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>What both kinds of options say of a server, checked; no problem holds a secret.</summary>
internal static class ServerChecks
{
    private const int MaxPoolChars = 255;

    public static void CheckServer(this ValidateOptionsResultBuilder problems, string key, string? text, string fileKey, string? file)
    {
        var isSet = !string.IsNullOrEmpty(text);
        problems.Check(!isSet || string.IsNullOrEmpty(file), $"{key}, {fileKey}: keep one of the two");
        problems.Check(
            !isSet || !string.IsNullOrEmpty(file) || ServerSettings.TryParse(text, out _),
            $"{key}: this is not a StackExchange.Redis configuration that names a server; {ServerSettings.Form}");
    }

    public static void CheckTls(this ValidateOptionsResultBuilder problems, string key, RedisTlsOptions tls, string serverKey, string? server)
    {
        var isSet = static (string? text) => !string.IsNullOrEmpty(text);
        problems.Check(!isSet(tls.Password) || !isSet(tls.PasswordFile), $"{key}:password, {key}:password_file: keep one of the two");
        problems.Check(
            isSet(tls.CertificateFile) || !(isSet(tls.KeyFile) || isSet(tls.Password) || isSet(tls.PasswordFile)),
            $"{key}: a key or its password belongs to a certificate; name it in {key}:certificate_file");
        problems.Check(
            !tls.IsSet || !ServerSettings.TryParse(server, out var options) || options.Ssl,
            $"{key}: '{serverKey}' does not say ssl=true; add it, or remove {key}");
    }

    // A brace would end the hash tag before the name does, and the keys of two pools could be the same.
    public static void CheckPool(this ValidateOptionsResultBuilder problems, string? pool) => problems.Check(
        !string.IsNullOrEmpty(pool) && pool.Length <= MaxPoolChars && pool.AsSpan().IndexOfAny("{}") < 0 && !pool.Any(char.IsControl) && !pool.Any(char.IsWhiteSpace),
        $"pool: a pool's name has 1 to {MaxPoolChars} characters, none of them a brace, blank or control character");
}
