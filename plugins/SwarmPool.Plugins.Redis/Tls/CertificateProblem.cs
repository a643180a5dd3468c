using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SwarmPool.Plugins.Redis.Tls;

/// <summary>Everything that is wrong with a server's certificate, with the fixes. What a certificate says of itself is not trusted.</summary>
internal static class CertificateProblem
{
    private const int MaxShown = 200;
    private const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <param name="certificate">The certificate; null when there is none.</param>
    /// <param name="chain">How it was judged.</param>
    /// <param name="errors">What the platform found.</param>
    /// <param name="host">The name that it has to bear.</param>
    /// <param name="now">The time.</param>
    public static TlsRefusedException Of(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string host, DateTimeOffset now)
    {
        if (certificate is null)
        {
            return new("the server shows no certificate", "give it one (tls-cert-file)");
        }

        List<(string Reason, string Fix)> all = [];
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (flags, one) => flags | one.Status) ?? X509ChainStatusFlags.NoError;
        if ((status & Untrusted) != X509ChainStatusFlags.NoError)
        {
            all.Add(($"the server's certificate is by an authority that is not trusted here ({Shown(certificate.Issuer)})", "if that server is yours, name its authority's certificate in 'ca_file'"));
        }

        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            all.Add((Time(Untimely(certificate, chain!), now), "renew it, or fix this machine's clock"));
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            all.Add(($"the server's certificate is for {Names(certificate)}, not for {host}", "name the server as its certificate does, or add sslHost= with that name to 'configuration'"));
        }

        var rest = status & ~(Untrusted | X509ChainStatusFlags.NotTimeValid);
        if (rest != X509ChainStatusFlags.NoError || all.Count == 0)
        {
            all.Add(($"the server's certificate is not accepted ({(rest != X509ChainStatusFlags.NoError ? rest.ToString() : errors.ToString())})", "give the server another one"));
        }

        return new(string.Join(", and ", all.Select(static one => one.Reason)), string.Join("; ", all.Select(static one => one.Fix)));
    }

    private static X509Certificate2 Untimely(X509Certificate2 certificate, X509Chain chain) => chain.ChainElements
        .FirstOrDefault(static element => element.ChainElementStatus.Any(static one => one.Status == X509ChainStatusFlags.NotTimeValid))?.Certificate ?? certificate;

    private static string Time(X509Certificate2 certificate, DateTimeOffset now)
    {
        var (begins, ends) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        var said = now > ends ? ("expired on", ends) : ("is not valid before", begins);
        return string.Create(CultureInfo.InvariantCulture, $"the certificate of {Shown(certificate.Subject)} {said.Item1} {said.Item2.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        string[] all = [.. names.SelectMany(static one => one.EnumerateDnsNames()), .. names.SelectMany(static one => one.EnumerateIPAddresses()).Select(static one => one.ToString())];
        return all.Length > 0 ? Shown(string.Join(", ", all)) : "no name";
    }

    private static string Shown(string text)
    {
        var clean = string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
        return clean.Length > MaxShown ? clean[..MaxShown] + "…" : clean;
    }
}
