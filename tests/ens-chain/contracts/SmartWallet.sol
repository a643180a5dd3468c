// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// An account that is a contract: one key's signature counts (ERC-1271), or, as told, it answers as a bad one would.
contract SmartWallet {
    address immutable owner;
    uint256 immutable mode;

    constructor(address owner_, uint256 mode_) {
        owner = owner_;
        mode = mode_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (mode == 1) revert("no");
        if (mode == 2) while (true) {}
        if (mode == 3) {
            assembly {
                return(0, 100000)
            }
        }
        if (signature.length != 65) return 0xffffffff;
        address signer = ecrecover(hash, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
        return signer == owner && signer != address(0) ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}
