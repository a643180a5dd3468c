using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using LLama.Exceptions;
using LLama.Native;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Native;

/// <summary>Loads llama.cpp, once for the process, and says which of its builds that is.</summary>
internal static class LlamaLibrary
{
    public const string Auto = "auto";

    /// <summary>LLamaSharp's version, which is made for one build of llama.cpp. Its assembly says 0.0.0; a test holds this to the package.</summary>
    public const string Version = "0.30.0";

    /// <summary>The levels of vector instructions that there are builds for, the least first.</summary>
    public static readonly string[] CpuBuilds = ["noavx", "avx", "avx2", "avx512"];

    private static readonly Lock Gate = new();
    private static LoadedLibrary? loaded;

    /// <summary>Loads it, or finds it loaded.</summary>
    /// <param name="natives">A folder with another build, a full path; null for those that came along.</param>
    /// <param name="cpuBuild">One of <see cref="CpuBuilds"/>, or <see cref="Auto"/>.</param>
    /// <param name="logger">Hears what the library says.</param>
    /// <exception cref="InferenceException">It is not there, can't be loaded, or another one is loaded already.</exception>
    public static LoadedLibrary Load(string? natives, string cpuBuild, ILogger logger)
    {
        lock (Gate)
        {
            NativeLog.ListenAs(logger);
            var (folder, build) = natives is null ? Choose(cpuBuild) : (natives, "own build");
            if (loaded is not null)
            {
                return loaded.Folder == folder
                    ? loaded
                    : throw new InferenceException($"llama.cpp was loaded from {loaded.Folder} already, and a process has it once; this backend wants {folder}. Give all backends of a process the same natives and cpu_build.");
            }

            if (NativeLibraryConfig.LLama.LibraryHasLoaded)
            {
                throw new InferenceException("This program has loaded llama.cpp itself, before this backend could. Let the backend be the first: ask it to describe itself.");
            }

            loaded = new LoadedLibrary(folder, build);
            try
            {
                LoadFrom(folder);
            }
            catch
            {
                loaded = null;
                throw;
            }

            LlamaLog.LibraryLoaded(logger, folder, build);
            return loaded;
        }
    }

    private static void LoadFrom(string folder)
    {
        // Each needs the ones before it, and none says where they lie.
        foreach (var name in new[] { "ggml-base", "ggml-cpu", "ggml-cuda", "ggml-vulkan", "ggml-metal", "ggml-blas", "ggml" })
        {
            var path = Path.Combine(folder, FileOf(name));
            if (File.Exists(path) && !NativeLibrary.TryLoad(path, out _))
            {
                throw Unusable(path, "the system's loader refuses it; a library that it needs may be missing (ldd tells)", null);
            }
        }

        var library = Path.Combine(folder, FileOf("llama"));
        try
        {
            NativeLibraryConfig.LLama.WithLogCallback(NativeLog.Heard).WithAutoFallback(false).WithLibrary(library);
            NativeApi.llama_empty_call();
        }
        catch (Exception failure) when (failure is RuntimeError or DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            throw Unusable(library, (failure.InnerException ?? failure).Message.Split('\n')[0], failure);
        }
    }

    private static (string Folder, string Build) Choose(string wanted)
    {
        var best = Array.IndexOf(CpuBuilds, wanted == Auto ? BestOfProcessor() : wanted);
        if (best > Array.IndexOf(CpuBuilds, BestOfProcessor()))
        {
            throw new InferenceException($"cpu_build is {wanted}, but this processor has no more than {BestOfProcessor()}. Take that, or auto.");
        }

        var searched = new List<string>();
        foreach (var natives in Places())
        {
            for (var level = best; level >= (wanted == Auto ? 0 : best); level--)
            {
                var folder = Path.Combine(natives, CpuBuilds[level]);
                searched.Add(folder);
                if (File.Exists(Path.Combine(folder, FileOf("llama"))))
                {
                    return (folder, CpuBuilds[level]);
                }
            }

            // Systems without such levels have one build.
            searched.Add(natives);
            if (File.Exists(Path.Combine(natives, FileOf("llama"))))
            {
                return (natives, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
            }
        }

        throw new InferenceException($"llama.cpp's native library is not there. It was looked for in {string.Join(", ", searched)}. Copy the plugin's whole folder, set natives, or add the package LLamaSharp.Backend.Cpu to the program.");
    }

    // Beside the plugin, or where the package's own files put them in a program that refers to it.
    private static IEnumerable<string> Places()
    {
        var here = Path.GetDirectoryName(typeof(LlamaLibrary).Assembly.Location);
        foreach (var folder in new[] { here, AppContext.BaseDirectory }.Where(static one => !string.IsNullOrEmpty(one)).Distinct(StringComparer.Ordinal))
        {
            yield return Path.Combine(folder!, "natives");
            yield return Path.Combine(folder!, "runtimes", SystemName(), "native");
        }
    }

    private static string SystemName()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var musl = OperatingSystem.IsLinux() && RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "-musl" : "";
        return $"{system}{musl}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    // As LLamaSharp chooses.
    private static string BestOfProcessor() =>
        Avx512F.IsSupported && Avx512BW.IsSupported && Avx512Vbmi.IsSupported && HasVnni() ? "avx512"
        : Avx2.IsSupported ? "avx2"
        : Avx.IsSupported ? "avx"
        : "noavx";

    private static bool HasVnni() => X86Base.IsSupported && (X86Base.CpuId(7, 0).Ecx & 0b_1000_0000_0000) != 0;

    private static string FileOf(string name) => OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static InferenceException Unusable(string path, string why, Exception? cause) =>
        new($"llama.cpp's native library {path} can't be loaded: {why.TrimEnd('.')}. Take the build for this system and of LLamaSharp 0.30.0, or leave natives out.", cause);
}

/// <summary>The llama.cpp of this process.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Build">Which of the builds it is, for the numeric class.</param>
internal sealed record LoadedLibrary(string Folder, string Build);
