using System.Globalization;
using Microsoft.Extensions.Configuration;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Packs;

/// <summary>Where models are and how much room they may take.</summary>
public sealed class ModelFolderOptions
{
    /// <summary>
    /// The folder with a folder a model. The default is the folder that the used backend's own configuration names (<c>plugins:use:…:models</c>), else
    /// "models".
    /// </summary>
    [ConfigurationKeyName("models_folder")]
    public string Folder { get; set; } = "models";

    /// <summary>The most bytes that all that is in it and beside it may have after a pull; 0, the default, is what the disk has.</summary>
    [ConfigurationKeyName("models_disk_limit")]
    public long DiskLimit { get; set; }

    /// <summary>Reads them.</summary>
    /// <param name="configuration">A program's configuration.</param>
    /// <param name="baseDirectory">What a relative folder is relative to.</param>
    /// <exception cref="SwarmPoolException">SP1001: a value is wrong, or several backends name folders and none is chosen.</exception>
    public static ModelFolderOptions Read(IConfiguration configuration, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<Refusal>();
        var options = new ModelFolderOptions { Folder = Path.GetFullPath(FolderOf(configuration, problems), baseDirectory) };
        if (configuration["models_disk_limit"] is { Length: > 0 } text)
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            {
                options.DiskLimit = bytes;
            }
            else
            {
                problems.Add(new Refusal(ErrorCodes.ConfigurationInvalid, $"models_disk_limit: '{text}' is not a number of bytes, like 107374182400"));
            }
        }

        PackFaults.Require(problems);
        return options;
    }

    private static string FolderOf(IConfiguration configuration, List<Refusal> problems)
    {
        if (configuration["models_folder"] is { Length: > 0 } named)
        {
            return named;
        }

        List<string> folders =
        [
            .. configuration.GetSection("plugins:use").GetChildren().Select(static plugin => plugin["models"]).OfType<string>()
                .Where(static folder => folder.Length > 0).Distinct(StringComparer.Ordinal),
        ];
        if (folders.Count > 1)
        {
            problems.Add(new Refusal(ErrorCodes.ConfigurationInvalid, $"models_folder: the backends name {string.Join(" and ", folders)}; say which of them is meant"));
        }

        return folders.FirstOrDefault() ?? "models";
    }
}
